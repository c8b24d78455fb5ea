//! Time zones, languages and currencies to choose from, as the browser knows them, and what a new
//! practice most likely wants. The lists come from `Intl` (ECMA-402); the rest is pure.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Languages offered besides the one that is set.
const LANGUAGES: &[&str] = &[
    "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "it", "ja", "ko", "nb",
    "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh",
];

/// Countries whose currency is the euro.
const EURO: &[&str] = &[
    "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PT", "SI", "SK",
];

/// Currencies of other countries.
const CURRENCIES: &[(&str, &str)] = &[
    ("AU", "AUD"),
    ("BR", "BRL"),
    ("CA", "CAD"),
    ("CH", "CHF"),
    ("CZ", "CZK"),
    ("DK", "DKK"),
    ("GB", "GBP"),
    ("HU", "HUF"),
    ("IL", "ILS"),
    ("IN", "INR"),
    ("JP", "JPY"),
    ("LI", "CHF"),
    ("MX", "MXN"),
    ("NO", "NOK"),
    ("NZ", "NZD"),
    ("PL", "PLN"),
    ("SE", "SEK"),
    ("TR", "TRY"),
    ("UA", "UAH"),
    ("ZA", "ZAR"),
];

/// One that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub words: String,
}

/// The values `Intl` knows of a kind; none where the browser does not say.
fn supported(kind: &str) -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok();
    let found = intl.and_then(|intl| {
        let ask = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?;
        ask.dyn_into::<Function>().ok()?.call1(&intl, &kind.into()).ok()
    });
    found.map_or_else(Vec::new, |found| {
        Array::from(&found).iter().filter_map(|value| value.as_string()).collect()
    })
}

/// What `value` is called in `language`, by `Intl.DisplayNames`.
fn display_name(language: &JsValue, kind: &str, value: &str) -> Option<String> {
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"type".into(), &kind.into());
    let languages = if language.is_undefined() { Array::new() } else { Array::of1(language) };
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let made = Reflect::get(&intl, &"DisplayNames".into()).ok()?.dyn_into::<Function>().ok()?;
    let names = Reflect::construct(&made, &Array::of2(&languages, &options)).ok()?;
    let of = Reflect::get(&names, &"of".into()).ok()?.dyn_into::<Function>().ok()?;
    of.call1(&names, &value.into()).ok()?.as_string()
}

/// Every time zone, by its part of the world, with `chosen` among them.
#[must_use]
pub fn time_zones(chosen: &str) -> Vec<(String, Vec<Choice>)> {
    by_region(supported("timeZone"), chosen)
}

fn by_region(mut zones: Vec<String>, chosen: &str) -> Vec<(String, Vec<Choice>)> {
    for also in ["UTC", chosen] {
        if !also.is_empty() && !zones.iter().any(|zone| zone == also) {
            zones.push(also.to_owned());
        }
    }
    let mut regions: Vec<(String, Vec<Choice>)> = Vec::new();
    for value in zones {
        let (region, place) = value.split_once('/').unwrap_or(("", &value));
        let words = place.replace('_', " ").replace('/', ", ");
        let (region, choice) = (region.to_owned(), Choice { words, value });
        match regions.iter_mut().find(|known| known.0 == region) {
            Some(known) => known.1.push(choice),
            None => regions.push((region, vec![choice])),
        }
    }
    regions.sort_by(|one, other| one.0.cmp(&other.0));
    for region in &mut regions {
        region.1.sort_by(|one, other| one.words.cmp(&other.words));
    }
    regions
}

/// The languages to choose from, each by its own name.
#[must_use]
pub fn languages(chosen: &str) -> Vec<Choice> {
    let mut tags: Vec<&str> = LANGUAGES.to_vec();
    if !chosen.is_empty() && !tags.contains(&chosen) {
        tags.push(chosen);
    }
    let name = |tag: &str| display_name(&tag.into(), "language", tag);
    tags.into_iter()
        .map(|tag| Choice {
            words: name(tag).unwrap_or_else(|| tag.to_owned()),
            value: tag.to_owned(),
        })
        .collect()
}

/// Every currency, with its name in the browser's language.
#[must_use]
pub fn currencies(chosen: &str) -> Vec<Choice> {
    let mut codes = supported("currency");
    if !chosen.is_empty() && !codes.iter().any(|code| code == chosen) {
        codes.push(chosen.to_owned());
    }
    codes.sort();
    let words = |code: &str| match display_name(&JsValue::UNDEFINED, "currency", code) {
        Some(name) if name != code => format!("{code} – {name}"),
        _ => code.to_owned(),
    };
    codes.into_iter().map(|value| Choice { words: words(&value), value }).collect()
}

/// The language a practice most likely wants: the first the person reads that is offered.
#[must_use]
pub fn likely_language(wanted: &[String]) -> String {
    let primary = |tag: &String| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let found = wanted.iter().map(primary).find(|tag| LANGUAGES.contains(&tag.as_str()));
    found.unwrap_or_else(|| "en".to_owned())
}

/// The currency of the country in the languages the person reads.
#[must_use]
pub fn likely_currency(wanted: &[String]) -> String {
    let currency = |tag: &String| {
        let country = tag.split('-').skip(1).find(|part| part.len() == 2)?.to_ascii_uppercase();
        if EURO.contains(&country.as_str()) {
            return Some("EUR");
        }
        CURRENCIES.iter().find(|known| known.0 == country).map(|known| known.1)
    };
    wanted.iter().find_map(currency).unwrap_or("USD").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn zones_stand_by_region_and_the_chosen_one_is_among_them() {
        let zones = tags(&["Europe/Zurich", "America/Argentina/Buenos_Aires", "Europe/Berlin"]);
        let regions = by_region(zones, "Pacific/Nowhere");
        let names: Vec<_> = regions.iter().map(|region| region.0.as_str()).collect();
        assert_eq!(names, ["", "America", "Europe", "Pacific"]);
        assert_eq!(regions[0].1[0].value, "UTC");
        assert_eq!(regions[1].1[0].words, "Argentina, Buenos Aires");
        let europe: Vec<_> = regions[2].1.iter().map(|choice| choice.value.as_str()).collect();
        assert_eq!(europe, ["Europe/Berlin", "Europe/Zurich"]);
        assert_eq!(by_region(Vec::new(), "UTC").len(), 1, "once");
    }

    #[test]
    fn a_new_practice_gets_what_its_owner_most_likely_wants() {
        assert_eq!(likely_currency(&tags(&["de", "de-CH"])), "CHF");
        assert_eq!(likely_currency(&tags(&["zh-Hant-JP"])), "JPY");
        assert_eq!(likely_currency(&tags(&["fr-FR", "en-US"])), "EUR");
        assert_eq!(likely_currency(&tags(&["en"])), "USD");
        assert_eq!(likely_language(&tags(&["xx", "de-CH", "en"])), "de");
        assert_eq!(likely_language(&[]), "en");
    }
}
