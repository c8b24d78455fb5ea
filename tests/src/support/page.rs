//! What a page names for the browser to load with it.

use std::collections::BTreeSet;

/// Scripts, styles and programs of this site that the page names, by their paths: what everybody
/// loads before they can read and write. Parts that are fetched later are not among them.
#[must_use]
pub fn first_files(page: &str) -> BTreeSet<&str> {
    // Every name in it ends where its attribute or string does.
    let words = page.split(['"', '\'', '=', ' ', '>']);
    let is_file = |word: &&str| {
        word.starts_with('/') && [".wasm", ".js", ".css"].iter().any(|end| word.ends_with(end))
    };
    words.filter(is_file).collect()
}
