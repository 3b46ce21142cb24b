"""Files of other tools: what goes in and what comes out, one module for each format, streaming both ways."""
