//! Which of its plural forms a language takes for a number (CLDR's categories), as the browser
//! knows it.

/// The plural rules of a language.
#[derive(Clone, Debug)]
pub struct Plurals {
    #[cfg(target_arch = "wasm32")]
    rules: js_sys::Intl::PluralRules,
}

#[cfg(target_arch = "wasm32")]
impl Plurals {
    /// Of this language (BCP 47).
    #[must_use]
    pub fn of(language: &'static str) -> Self {
        let languages = js_sys::Array::of1(&language.into());
        Self { rules: js_sys::Intl::PluralRules::new(&languages, &js_sys::Object::new()) }
    }

    /// The category of `count`: `one`, `other` and so on.
    #[must_use]
    pub fn category(&self, count: u64) -> String {
        self.rules.select(count as f64).into()
    }
}

/// Where there is no browser, in the tests, English has to do.
#[cfg(not(target_arch = "wasm32"))]
impl Plurals {
    /// Of English.
    #[must_use]
    pub const fn of(_language: &'static str) -> Self {
        Self {}
    }

    /// The category of `count`.
    #[must_use]
    pub fn category(&self, count: u64) -> String {
        if count == 1 { "one" } else { "other" }.to_owned()
    }
}
