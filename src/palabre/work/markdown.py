"""Markdown of clients and coordinators as safe HTML."""

from django.utils.safestring import SafeString, mark_safe

# What `to_html` makes of a text. Whoever changes that counts on by one: what was kept is then cleaned again.
CLEANER = 1

_TAGS = {
    "h2", "h3", "h4", "h5", "p", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip


def to_html(text: str) -> SafeString:
    """HTML without scripts, styles or pictures; links open elsewhere and tell nothing of where they came from.

    Headings go down by one: the page has its own h1. A long text can take more than a second.
    """
    # Only who writes a guideline needs them: they stay out of the memory of everybody else.
    import nh3
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 5)}"
    clean = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned by nh3)
