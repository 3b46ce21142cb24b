"""All working time: counted, visible, correctable."""
