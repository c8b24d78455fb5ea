//! The browser client, held inside the binary.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64ct::{Base64, Encoding};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::auth::sessions::hex;

/// What `cargo xtask` built into `dist`.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";

/// What keeps its name when it changes: browsers come back for it by themselves.
const NAMED: [&str; 7] = [
    INDEX,
    "sw.js",
    "manifest.webmanifest",
    "favicon.svg",
    "icon-180.png",
    "icon-192.png",
    "icon-512.png",
];

/// A file of the client, or its page for any path that is not one: the client knows its own.
pub async fn get(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    if path.starts_with("api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = if is_page { INDEX } else { path };
    let Some(file) = Files::get(name).filter(|_| !name.ends_with(".br")) else {
        return missing(name);
    };
    serve(name, &file, &headers)
}

fn missing(name: &str) -> Response {
    if name == INDEX {
        let how = "This server was built without its client. Build both with: cargo xtask run\n";
        return (StatusCode::SERVICE_UNAVAILABLE, how).into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

fn serve(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    // Trunk puts a hash into every other name: what it names never changes.
    let cache =
        if NAMED.contains(&name) { "no-cache" } else { "public, max-age=31536000, immutable" };
    let compressed = accepts_brotli(headers).then(|| Files::get(&format!("{name}.br"))).flatten();
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data = compressed.as_ref().map_or(&file.data, |file| &file.data);
        Body::from(data.clone().into_owned()).into_response()
    };
    let head = response.headers_mut();
    if compressed.is_some() {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.insert(header::ETAG, tag);
    }
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.split(',').any(|one| one.trim().starts_with("br")))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// The policy of every answer (W3C Content Security Policy 3). The page's own loader is allowed
/// by the hash of its text; no other inline script or style runs.
pub static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let page = Files::get(INDEX).map(|file| file.data.into_owned()).unwrap_or_default();
    let page = String::from_utf8_lossy(&page).into_owned();
    let hashes: String = inline_scripts(&page).map(|script| format!(" {}", hash(script))).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a policy is plain text")
});

fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

fn hash(script: &str) -> String {
    format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let page = "<script src=\"a.js\"></script><script type=\"module\">one</script>";
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["one"]);
    }
}
