//! Tests of allowed characters and normalisation.

use icu_properties::props::{
    BidiControl, DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use proptest::prelude::*;

use super::*;

/// Without a glyph, although no Unicode property says so.
const DRAWN_AS_NOTHING: [char; 7] =
    ['\u{2800}', '\u{fff9}', '\u{fffa}', '\u{fffb}', '\u{fffc}', '\u{16fe4}', '\u{1d159}'];

#[test]
fn the_table_of_invisible_characters_says_what_unicode_says() {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let bidi = CodePointSetData::new::<BidiControl>();
    let reserved = CodePointSetData::new::<NoncharacterCodePoint>();
    let category = CodePointMapData::<GeneralCategory>::new();
    for character in '\0'..=char::MAX {
        let by_category = matches!(
            category.get(character),
            GeneralCategory::Control
                | GeneralCategory::PrivateUse
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        );
        let wanted = by_category
            || ignorable.contains(character)
            || bidi.contains(character)
            || reserved.contains(character)
            || DRAWN_AS_NOTHING.contains(&character);
        assert_eq!(is_invisible(character), wanted, "U+{:04X}", u32::from(character));
    }
}

#[test]
fn every_blank_of_unicode_becomes_a_plain_one() {
    let category = CodePointMapData::<GeneralCategory>::new();
    for character in '\0'..=char::MAX {
        let wanted = category.get(character) == GeneralCategory::SpaceSeparator && character != ' ';
        assert_eq!(is_unicode_space(character), wanted, "U+{:04X}", u32::from(character));
    }
    for blank in ["\u{a0}", " \u{2009}", "\u{3000}\u{202f}", "\t", "\n", "\r\n"] {
        for form in [TextForm::Name, TextForm::Line] {
            let text = format!(" Siti{blank}Rahayu{blank}");
            assert_eq!(normalize(&text, form).as_deref(), Ok("Siti Rahayu"), "{blank:?}");
        }
    }
}

#[test]
fn prose_keeps_its_lines_with_one_mark_at_their_end() {
    let text = "\r\nPagar hijau.\r\n\tAnjing\u{a0}galak!\rKetuk dulu.\n";
    let kept = normalize(text, TextForm::Prose);
    assert_eq!(kept.as_deref(), Ok("Pagar hijau.\n\tAnjing galak!\nKetuk dulu."));
}

#[test]
fn what_changes_the_direction_or_is_not_seen_is_refused_in_every_form() {
    let hidden = [
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{200e}',
        '\u{200f}',
        '\u{61c}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{2060}',
        '\u{feff}',
        '\u{ad}',
        '\u{3164}',
        '\u{115f}',
        '\u{ffa0}',
        '\u{2800}',
        '\u{e0041}',
        '\u{fe0f}',
        '\u{e000}',
        '\u{fffe}',
        '\u{1b}',
        '\0',
        '\u{85}',
    ];
    for character in hidden {
        for form in TextForm::ALL {
            for text in
                [format!("Bu{character}di"), format!("{character}"), format!("{character}A")]
            {
                let code = Err(ErrorCode::InvalidText);
                assert_eq!(normalize(&text, form), code, "{text:?} {form:?}");
            }
        }
        assert_eq!(strip_invisible(&format!("Bu{character}di")), "Budi");
    }
}

#[test]
fn names_of_all_scripts_are_taken_with_the_joiners_that_they_need() {
    let names = [
        "I Gusti Ngurah Ma'ruf-Šimić, S.T.",
        "王小明",
        "محمد علی",
        "علی\u{200c}رضا",
        "क्\u{200d}ष",
        "ꦱꦿꦶ ꦩꦸꦭꦾꦤꦶ",
        "Warung Pak Dé 🔥",
    ];
    for name in names {
        assert_eq!(normalize(name, TextForm::Name).as_deref(), Ok(name));
    }
    for name in ["Bu\u{200c}di", "علی\u{200c}", "\u{200c}علی", "Toko ❤\u{fe0f}"] {
        assert!(normalize(name, TextForm::Name).is_err(), "{name:?}");
    }
}

#[test]
fn pictures_of_several_characters_are_taken_where_people_write_freely() {
    for text in
        ["Makasih 👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "🏳\u{fe0f}\u{200d}🌈"]
    {
        for form in [TextForm::Line, TextForm::Prose] {
            assert_eq!(normalize(text, form).as_deref(), Ok(text), "{text:?}");
        }
        assert!(normalize(text, TextForm::Name).is_err(), "{text:?}");
    }
}

#[cfg(feature = "compose")]
#[test]
fn two_spellings_of_a_letter_become_one() {
    assert_eq!(normalize("Jose\u{301}", TextForm::Name).as_deref(), Ok("Jos\u{e9}"));
}

/// Any text, mostly of the characters that matter here.
fn any_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        '\u{202e}', '\u{200d}', '\u{200c}', '\u{fe0f}', '\u{a0}', '\u{301}', ' ', '\n', '\r', '\t',
        '👩', '❤', 'ع', 'क', '\u{94d}', 'e', '1', '\u{2000}', '\u{212b}', '\u{1100}', '\u{1161}',
    ]);
    let character = prop_oneof![3 => special, 1 => any::<char>(), 2 => prop::char::range('a', 'z')];
    prop::collection::vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_taken_stays_as_it_is_and_holds_nothing_hidden(text in any_text()) {
        for form in TextForm::ALL {
            let Ok(kept) = normalize(&text, form) else { continue };
            prop_assert_eq!(normalize(&kept, form), Ok(kept.clone()));
            let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
            let allowed = |c: char| match form {
                TextForm::Name => joiner(c),
                TextForm::Line => joiner(c) || matches!(c, '\u{fe0e}' | '\u{fe0f}'),
                TextForm::Prose => joiner(c) || matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\n' | '\t'),
            };
            prop_assert!(kept.chars().all(|c| !is_invisible(c) || allowed(c)), "{:?}", kept);
            prop_assert!(!kept.starts_with(' ') && !kept.ends_with(' '));
            prop_assert!(form == TextForm::Prose || !kept.contains("  "));
        }
    }
}
