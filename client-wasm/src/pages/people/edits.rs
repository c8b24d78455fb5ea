//! A form over something that may change meanwhile: only what somebody has typed is kept apart;
//! every other field follows.

use std::collections::BTreeMap;

use yew::{Callback, UseStateHandle, hook, use_state};

/// What has been typed, by the field's name.
#[derive(Clone, PartialEq)]
pub struct Edits(UseStateHandle<BTreeMap<&'static str, String>>);

impl Edits {
    /// What stands in a field: what was typed, else what is known.
    #[must_use]
    pub fn value(&self, name: &'static str, known: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| known.to_owned())
    }

    /// Takes what is typed into a field.
    #[must_use]
    pub fn typing(&self, name: &'static str) -> Callback<String> {
        let edits = self.0.clone();
        Callback::from(move |typed: String| {
            let mut all = (*edits).clone();
            all.insert(name, typed);
            edits.set(all);
        })
    }

    /// Whether anything was typed.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// It is saved: every field follows again.
    pub fn clear(&self) {
        self.0.set(BTreeMap::new());
    }
}

/// Nothing typed yet.
#[hook]
pub fn use_edits() -> Edits {
    Edits(use_state(BTreeMap::new))
}
