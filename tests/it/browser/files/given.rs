//! Files to send, and how a test sends them.

use std::path::Path;

use quietroom_tests::support::Browser;
use serde_json::{Value, json};

/// A text of so many lines of eight bytes, each with its number.
pub fn text(lines: usize) -> Vec<u8> {
    (0..lines).flat_map(|line| format!("{line:07}\n").into_bytes()).collect()
}

/// A document that would call a script as soon as it is open.
pub fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).into_bytes());
    }
    let table = file.len();
    file.extend(b"xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    file.extend(b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n");
    file.extend(format!("{table}\n%%EOF\n").into_bytes());
    file
}

/// A picture of this size, in one colour that changes from row to row.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let row = |y: u32| {
        let shade = u8::try_from(y * 255 / height).unwrap();
        let colours = std::iter::repeat_n([60, shade, 160], width as usize).flatten();
        std::iter::once(0).chain(colours).collect::<Vec<u8>>()
    };
    let rows: Vec<u8> = (0..height).flat_map(row).collect();
    // Kept as it is (RFC 1951, 3.2.4).
    let mut packed = vec![0x78, 0x01];
    let mut parts = rows.chunks(65_535).peekable();
    while let Some(part) = parts.next() {
        let size = u16::try_from(part.len()).unwrap();
        packed.push(u8::from(parts.peek().is_none()));
        packed.extend(size.to_le_bytes());
        packed.extend((!size).to_le_bytes());
        packed.extend(part);
    }
    let (low, high) = rows.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    packed.extend((high << 16 | low).to_be_bytes());
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", head), (b"IDAT", packed), (b"IEND", Vec::new())] {
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let body = [&kind[..], &content].concat();
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    }
    file
}

/// The checksum of a part of a PNG (PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

/// Writes files and chooses them with the paper clip.
pub async fn choose(browser: &Browser, folder: &Path, files: &[(&str, Vec<u8>)]) {
    let paths: Vec<_> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for (path, (_, content)) in paths.iter().zip(files) {
        std::fs::write(path, content).unwrap();
    }
    let paths: Vec<&Path> = paths.iter().map(std::path::PathBuf::as_path).collect();
    browser.choose("attach-input", &paths).await;
    browser.find("send-files").await;
}

/// Lets go of files over the conversation, and waits until it is asked who gets them. Returns what
/// the browser calls them.
pub async fn sheet(browser: &Browser, files: &[(String, Vec<u8>)]) -> Vec<String> {
    let names = drag(browser, &["dragenter", "dragover", "drop"], files).await;
    browser.find("send-files").await;
    names
}

/// Drags files over the conversation.
pub async fn drag(browser: &Browser, events: &[&str], files: &[(String, Vec<u8>)]) -> Vec<String> {
    let script = "const [events, files] = arguments;
        const data = new DataTransfer();
        for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
        for (const kind of events) {
            const over = document.querySelector('[data-testid=drop-area]')
                ?? document.querySelector('[data-testid=thread]');
            over.dispatchEvent(new DragEvent(kind,
                { dataTransfer: data, bubbles: true, cancelable: true }));
        }
        return [...data.files].map(file => file.name)";
    let names = browser.script(script, vec![json!(events), json!(files)]).await;
    let names = names.as_array().cloned().unwrap_or_default();
    names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Sends what was chosen, and waits until it is under way.
pub async fn send_chosen(browser: &Browser) {
    browser.press("send-files").await;
    browser.gone("send-dialog").await;
}

/// Whether the chosen file of this name is refused by this rule.
pub fn rule_of(name: &str, rule: &str) -> String {
    format!(
        "[...document.querySelectorAll('[data-testid=chosen-file]')].some(row => \
           row.querySelector('[data-testid=chosen-name]').textContent === {} && \
           row.dataset.rule === {})",
        json!(name),
        json!(rule)
    )
}
