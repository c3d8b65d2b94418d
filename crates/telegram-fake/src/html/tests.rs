use super::*;

fn text(html: &str) -> String {
    parse(html).unwrap().text
}

fn refusal(html: &str) -> String {
    parse(html).unwrap_err()
}

#[test]
fn tags_are_removed_and_character_references_decoded() {
    assert_eq!(text("<b>A &amp; B</b> &lt;3"), "A & B <3");
    assert_eq!(text("&#39;&#x41;&quot; &nbsp; & x"), "'A\" &nbsp; & x");
    assert_eq!(text("5 > 4"), "5 > 4");
}

#[test]
fn entities_are_counted_in_utf_16() {
    let words = parse("🛵 <b>a<i>b</i></b>").unwrap();
    let bold = Entity { kind: EntityKind::Bold, offset: 3, length: 2 };
    let italic = Entity { kind: EntityKind::Italic, offset: 4, length: 1 };
    assert_eq!(words.entities, [bold, italic]);
}

#[test]
fn links_code_and_quotes_are_entities() {
    let html = "<a href=\"https://x.id/?a=1&amp;b=2\">peta</a> <pre><code class=\"language-sh\">ls\
                </code></pre> <blockquote expandable>q</blockquote><span class='tg-spoiler'>s</span>";
    let kinds: Vec<EntityKind> =
        parse(html).unwrap().entities.into_iter().map(|entity| entity.kind).collect();
    let link = EntityKind::TextLink { url: "https://x.id/?a=1&b=2".into() };
    let code = EntityKind::Pre { language: Some("sh".into()) };
    assert_eq!(kinds, [link, code, EntityKind::ExpandableBlockquote, EntityKind::Spoiler]);
}

#[test]
fn invalid_html_gets_the_errors_of_telegram() {
    let open = "Can't find end tag corresponding to start tag \"b\"";
    assert_eq!(refusal("<b>terbuka"), open);
    assert_eq!(refusal("a <x>y</x>"), "Unsupported start tag \"x\" at byte offset 2");
    assert_eq!(refusal("</b>"), "Unexpected end tag at byte offset 0");
    let crossed = "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\"";
    assert_eq!(refusal("<b><i>x</b></i>"), crossed);
    assert_eq!(refusal("5 < 6"), "Unsupported start tag \"\" at byte offset 2");
    assert_eq!(refusal("<b"), "Unclosed start tag at byte offset 0");
    assert_eq!(refusal("<b>x</b"), "Unclosed end tag at byte offset 4");
    assert_eq!(refusal("<a href=\"x>y</a>"), "Unclosed start tag at byte offset 0");
}

#[test]
fn white_space_at_the_ends_is_removed_and_entities_move() {
    let words = trim(parse(" \n<b> a </b> ").unwrap());
    assert_eq!(words.text, "a");
    assert_eq!(words.entities, [Entity { kind: EntityKind::Bold, offset: 0, length: 1 }]);
}

#[test]
fn parsed_html_renders_as_it_was() {
    for html in
        ["<b>a <i>&lt;b&gt;</i></b> &amp; c", "<a href=\"https://x.id\">🛵</a>!", "<code>x</code>"]
    {
        assert_eq!(to_html(&parse(html).unwrap()), html);
    }
}
