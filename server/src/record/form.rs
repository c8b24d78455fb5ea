//! In which form somebody takes a record.

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table.
    Csv,
    /// A page, to be printed.
    Html,
    /// FHIR R4.
    Fhir,
    /// All of it, in a bundle that can be checked.
    Zip,
}

impl Form {
    /// What it is served as.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Html => "text/html; charset=utf-8",
            Self::Fhir => "application/fhir+json; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// What the name of its file ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Fhir => "fhir.json",
            Self::Zip => "zip",
        }
    }

    /// What becomes of it: it is saved, but for the page, which is shown.
    #[must_use]
    pub const fn disposition(self) -> &'static str {
        match self {
            Self::Csv | Self::Fhir | Self::Zip => "attachment",
            Self::Html => "inline",
        }
    }
}
