//! What files are called, and what is made of it.

use proptest::prelude::*;

use super::*;

fn name(given: &str) -> String {
    named(given).unwrap_or_else(|refusal| panic!("{given:?}: {refusal:?}")).name
}

#[test]
fn nothing_is_left_of_a_path() {
    for (given, kept) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\x.pdf", "x.pdf"),
        ("C:x.pdf", "C_x.pdf"),
        ("/a.png", "a.png"),
        ("\\\\server\\share\\a.png", "a.png"),
        ("./.png", "file.png"),
        ("..png", "file.png"),
        (".hidden.png", "hidden.png"),
        ("a.png/b.pdf", "b.pdf"),
        ("~/a.png", "a.png"),
        ("%2e%2e%2fa.png", "%2e%2e%2fa.png"),
    ] {
        assert_eq!(name(given), kept, "{given}");
    }
}

#[test]
fn what_has_no_extension_that_is_taken_is_refused() {
    let refused = Err(Refusal::invalid(Field::File, Rule::NotAccepted));
    for given in [
        "",
        ".",
        "..",
        "/",
        "../../etc/passwd",
        "..\\..\\x",
        "C:\\x",
        "png",
        "a.png.exe",
        "a.exe.",
        "a.exe. . ",
        "a.png::$DATA",
        "a.png/",
        "a.p ng",
        "a.html",
        "a.pdf\u{0}.exe",
        "a\u{202e}fdp.exe",
        "a.svg",
        "a.рdf",
    ] {
        assert_eq!(named(given), refused, "{given:?}");
    }
}

#[test]
fn what_is_not_seen_or_turns_writing_around_is_left_out() {
    for (given, kept) in [
        ("a\u{0}b.pdf", "ab.pdf"),
        ("a\nb.pdf", "a b.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("a\u{202e}gpj.pdf", "agpj.pdf"),
        ("\u{2066}a\u{2069}\u{200f}.pdf", "a.pdf"),
        ("a\u{200b}\u{feff}\u{ad}.pdf", "a.pdf"),
        ("a\u{e0041}b.pdf", "ab.pdf"),
        ("a\u{2028}b\u{85}c.pdf", "a b c.pdf"),
        ("\u{1b}[31ma.pdf", "[31ma.pdf"),
        ("  a \t b  .pdf", "a b.pdf"),
        ("a.pdf. . ", "a.pdf"),
        ("a\"b<c>d|e?f*g:h.pdf", "a_b_c_d_e_f_g_h.pdf"),
        ("--help.pdf", "help.pdf"),
    ] {
        assert_eq!(name(given), kept, "{given:?}");
    }
    for kept in
        ["Брянск ё.pdf", "דוח.pdf", "می‌خواهم.pdf", "👩‍⚕️.png", "été (2).jpg", "O'Neil & Co.pdf"]
    {
        assert_eq!(name(kept), kept);
    }
}

#[test]
fn a_name_that_is_a_device_of_windows_is_none_any_more() {
    for (given, kept) in [
        ("CON.png", "_CON.png"),
        ("con.PNG", "_con.png"),
        ("nul.tar.png", "_nul.tar.png"),
        ("aux .pdf", "_aux.pdf"),
        ("COM1.pdf", "_COM1.pdf"),
        ("lpt¹.pdf", "_lpt¹.pdf"),
        ("conin$.pdf", "_conin$.pdf"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        ("COM12.pdf", "COM12.pdf"),
        ("com.pdf", "com.pdf"),
    ] {
        assert_eq!(name(given), kept, "{given}");
    }
    let cut = name(&format!("CON {}.png", "e".to_owned() + &"\u{301}".repeat(200)));
    assert_eq!(cut, "_CON.png", "also where cutting it makes it one");
}

#[test]
fn a_long_name_keeps_its_extension_and_whole_letters() {
    let long = name(&format!("{}.PDF", "a".repeat(4_096)));
    assert_eq!(long, format!("{}.pdf", "a".repeat(116)));
    let families = name(&format!("{}.docx", "👩‍👩‍👧‍👦".repeat(40)));
    let stem = families.strip_suffix(".docx").unwrap();
    assert!(families.len() <= limits::FILE_NAME_BYTES, "{}", families.len());
    assert_eq!(stem, "👩‍👩‍👧‍👦".repeat(9));
    assert_eq!(name(&format!("{}.png", "\u{301}".repeat(4_000))), "file.png");
}

proptest! {
    #[test]
    fn whatever_it_is_called_the_name_is_harmless_and_stays_as_it_is(
        given in prop_oneof![
            any::<String>(),
            "[\\PC\\./\\\\:\u{202e} ]{0,300}",
            "(con|nul|\\.|-| ){0,4}[a-z\u{301}]{0,130}",
        ],
        extension in prop_oneof![Just("pdf"), Just("JPeG"), Just("exe"), Just("")],
    ) {
        let given = format!("{given}.{extension}");
        let Ok(Named { name, kind }) = named(&given) else { return Ok(()) };
        prop_assert!(name.chars().count() <= limits::FILE_NAME_SCALARS);
        prop_assert!(name.len() <= limits::FILE_NAME_BYTES);
        let is_bad = |c: char| {
            c.is_control() || "/\\:\"<>|?*".contains(c) || ('\u{202a}'..='\u{202e}').contains(&c)
        };
        prop_assert!(!name.contains(is_bad), "{:?}", name);
        prop_assert!(!name.starts_with(['.', '-', ' ']), "{:?}", name);
        let (stem, ending) = name.rsplit_once('.').unwrap();
        prop_assert!(!stem.is_empty() && stem == stem.trim());
        prop_assert!(kind.extensions().contains(&ending));
        prop_assert_eq!(named(&name), Ok(Named { name: name.clone(), kind }));
    }
}
