//! U of the trust numbers: hostile uploads are refused, or stored where they can do nothing and
//! handed out as nothing but what they were proven to be.

use quietroom_tests::support::{TestServer, fresh_id};
use shared_proto::file::ask::{Ask, Told};
use shared_proto::http as api;
use shared_proto::refusal::Rule;

use super::{CHUNK, ask, begin, fetch, get, listed, pdf, png, put, refused, send, share, shared};
use crate::given::{contents, two_on};

/// A file in a ZIP, kept as it is.
fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let name_size = u16::try_from(name.len()).unwrap().to_le_bytes();
    let head = b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0\x12\x34\x56\x78";
    [&head[..], &size, &size, &name_size, &[0, 0], name.as_bytes(), content].concat()
}

fn zip(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| zipped(name, b"<?xml?>")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_its_name_says_is_refused_and_not_kept() {
    let two = two_on(TestServer::options().unhurried()).await;
    let page = b"<!doctype html><script>alert(document.cookie)</script>".to_vec();
    let program = b"MZ\x90\0\x03\0\0\0This program cannot be run in DOS mode".to_vec();
    let elf = b"\x7fELF\x02\x01\x01\0".to_vec();
    let script = b"#!/bin/sh\nrm -rf /\n".to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let java = b"\xca\xfe\xba\xbe\0\0\0\x34".to_vec();
    let shifted = [b"GIF89a".to_vec(), pdf("behind")].concat();
    let late = [b"x".repeat(CHUNK), b"\0\x01\x02".to_vec()].concat();
    let word = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"];
    let macros = zip(&[word[0], word[1], word[2], "word/vbaProject.bin"]);
    let package = zip(&["META-INF/MANIFEST.MF", "word/document.xml", "Main.class"]);
    let app = zip(&["AndroidManifest.xml", "classes.dex", "word/document.xml"]);
    for (name, contents) in [
        ("a page.png", page.clone()),
        ("a page.jpg", page.clone()),
        ("a page.pdf", page.clone()),
        ("a page.docx", page),
        ("a program.pdf", program.clone()),
        ("a program.txt", program.clone()),
        ("a program.doc", program),
        ("another.png", elf),
        ("a script.pdf", script),
        ("a drawing.png", svg.clone()),
        ("a drawing.gif", svg),
        ("a class.mp3", java),
        ("two at once.pdf", shifted),
        ("a picture.txt", png(3, 2)),
        ("a document.txt", pdf("as text")),
        ("a text with a surprise.txt", late),
        ("with macros.docx", macros),
        ("a package.docx", package),
        ("an app.docx", app),
        ("an archive.docx", zip(&["readme.txt"])),
        ("a sheet.docx", zip(&["[Content_Types].xml", "xl/workbook.xml"])),
        ("a lie.odt", zipped("mimetype", b"application/vnd.oasis.opendocument.text-template")),
        (
            "an installer.doc",
            [vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], vec![0; 600]].concat(),
        ),
    ] {
        let sent = send(&two.client, two.conversation, name, &contents).await;
        assert_eq!(sent.err(), Some(refused(Rule::Differs)), "{name}");
    }
    assert!(contents(&two.server.data().join("files")).is_empty(), "nothing is kept of them");
    assert!(listed(&two.client, two.conversation).await.is_empty());
    let refusals = two.server.metric("quietroom_refusals_total", &["rule=\"differs\""]).await;
    assert!(refusals >= 20.0, "counted by rule: {refusals}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_not_taken_whatever_it_is_called() {
    let two = two_on(TestServer::options().unhurried()).await;
    for name in [
        "a.exe",
        "a.com",
        "a.bat",
        "a.cmd",
        "a.ps1",
        "a.sh",
        "a.js",
        "a.mjs",
        "a.html",
        "a.htm",
        "a.xhtml",
        "a.svg",
        "a.svgz",
        "a.xml",
        "a.php",
        "a.jsp",
        "a.jar",
        "a.apk",
        "a.msi",
        "a.scr",
        "a.lnk",
        "a.url",
        "a.hta",
        "a.vbs",
        "a.docm",
        "a.xlsm",
        "a.dotm",
        "a.zip",
        "a.rar",
        "a.7z",
        "a.gz",
        "a.iso",
        "a.dmg",
        "a.pdf.exe",
        "a.png.html",
        "a",
        "",
        ".",
        "..",
        ".pdf.",
        "a.pdf/",
        "a.pdf\u{202e}fdp.exe",
        "a.pdf\0.exe",
        "a.p\u{200b}ng.svg",
    ] {
        let begun = begin(&two.client, two.conversation, fresh_id(), name, 100).await;
        // A name that is an extension and nothing else is given one.
        if name == ".pdf." {
            assert!(begun.is_ok());
            continue;
        }
        assert_eq!(begun.err(), Some(refused(Rule::NotAccepted)), "{name:?}");
    }
    for (bytes, rule) in [(0, Rule::Empty), (25 * 1024 * 1024 + 1, Rule::TooLarge { limit: 25 })] {
        let begun = begin(&two.client, two.conversation, fresh_id(), "a.pdf", bytes).await;
        assert_eq!(begun.err(), Some(refused(rule)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_leads_nowhere_and_stays_in_its_header() {
    let two = two_on(TestServer::options().unhurried()).await;
    let before = contents(two.server.folder());
    for (given, kept) in [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system32\\evil.pdf", "evil.pdf"),
        ("/etc/cron.d/evil.pdf", "evil.pdf"),
        ("C:\\autoexec.pdf", "autoexec.pdf"),
        ("a\r\nSet-Cookie: x=1\r\n\r\n<script>.pdf", "a Set-Cookie_ x=1 _script_.pdf"),
        ("\u{202e}fdp.exe.pdf", "fdp.exe.pdf"),
        ("con.pdf", "_con.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("a\"; filename=\"b.html\".pdf", "a_; filename=_b.html_.pdf"),
        ("%2e%2e%2fescape.pdf", "%2e%2e%2fescape.pdf"),
    ] {
        let (conversation, client_id) = (two.conversation, fresh_id());
        let contents = pdf(given.rsplit('/').next().unwrap_or_default());
        let (name, bytes) = (given.to_owned(), contents.len() as u64);
        let told = ask(&two.client, Ask::Begin { conversation, client_id, name, bytes }).await;
        let Ok(Told::Upload { file, name, .. }) = told else { panic!("{given:?}: {told:?}") };
        assert_eq!(name, kept, "{given:?}");
        put(&two.client, conversation, file, 0, &contents).await.unwrap();
        let entry = share(&two.client, conversation, file, &[]).await.unwrap();
        let files = listed(&two.provider, conversation).await;
        assert_eq!((files[0].id, shared(&files[0]).name.as_str()), (entry, kept));
        let answer = fetch(&two.provider, conversation, file).await;
        assert_eq!(answer.status, 200);
        let line = answer.header("content-disposition").unwrap();
        assert!(line.starts_with("attachment; filename=\"") && line.matches('"').count() == 2);
        assert!(answer.header("set-cookie").is_none());
        assert_eq!(answer.body, contents);
    }
    // What was sent lies where files lie, under names that are ids, and nowhere else.
    let data = two.server.data();
    for path in contents(two.server.folder()).into_keys() {
        // What the server says of notices has ids in it and no name, and may come meanwhile.
        let told = path.ends_with("data.outbox/why.log");
        let known = told || before.contains_key(&path) || path.starts_with(data.join("engine"));
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_id = name.parse::<shared_proto::id::FileId>().is_ok();
        assert!(known || path.starts_with(data.join("files")) && is_id, "{path:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_out_can_do_nothing() {
    let two = two_on(TestServer::options().unhurried()).await;
    // A document that is also a page to whoever guesses, a picture with one behind it, and a text
    // that is one.
    let script = "<html><script>fetch('/api/session')</script>";
    let picture = [png(30, 20), script.as_bytes().to_vec()].concat();
    for (name, contents, kind, previewed) in [
        ("polyglot.pdf", pdf(script), "application/pdf", true),
        ("polyglot.png", picture, "image/png", true),
        ("page.txt", script.as_bytes().to_vec(), "text/plain; charset=utf-8", false),
        ("formula.csv", b"=cmd|' /C calc'!A0,1".to_vec(), "text/csv; charset=utf-8", false),
    ] {
        let file = send(&two.client, two.conversation, name, &contents).await.unwrap();
        share(&two.client, two.conversation, file, &[]).await.unwrap();
        let session = two.provider.session();
        let saved = get(session, &api::file(two.conversation, file), &[]).await;
        let shown = get(session, &api::file_preview(two.conversation, file), &[]).await;
        assert_eq!(
            (saved.status, shown.status),
            (200, if previewed { 200 } else { 404 }),
            "{name}"
        );
        let shown = previewed.then_some(("inline; ", shown));
        for (word, answer) in [Some(("attachment; ", saved)), shown].into_iter().flatten() {
            assert_eq!(answer.body, contents);
            assert_eq!(answer.header("content-type"), Some(kind));
            let policies: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| name == "content-security-policy")
                .map(|(_, value)| value.as_str())
                .collect();
            let [policy] = policies[..] else { panic!("{policies:?}") };
            assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
            assert!(!policy.contains("allow-") && !policy.contains("script-src"), "{policy}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
            assert_eq!(answer.header("x-frame-options"), Some("DENY"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert!(answer.header("content-disposition").unwrap().starts_with(word), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_would_fill_a_browsers_memory_is_only_saved() {
    let two = two_on(TestServer::options()).await;
    for (name, picture, shows) in [
        ("sane.png", png(8_000, 8_000), 200),
        ("bomb.png", png(60_000, 60_000), 404),
        ("long.png", png(20_000, 1), 404),
        ("none.png", png(0, 10), 404),
    ] {
        let file = send(&two.client, two.conversation, name, &picture).await.unwrap();
        share(&two.client, two.conversation, file, &[]).await.unwrap();
        let session = two.client.session();
        let shown = get(session, &api::file_preview(two.conversation, file), &[]).await;
        assert_eq!(shown.status, shows, "{name}");
        let saved = get(session, &api::file(two.conversation, file), &[]).await;
        assert_eq!(saved.body, picture);
    }
}
