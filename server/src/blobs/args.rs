//! Flags about where files are kept. Some hold a secret: nothing here shows it.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;

use axum::http::Uri;
use clap::Args;
use zeroize::Zeroizing;

use super::local::LocalBlobs;
use super::memory::MemoryBlobs;
use super::s3::S3Blobs;
use super::{Blobs, place};
use crate::settings::EngineKind;

/// Flags about the place where files are kept.
#[derive(Args, Clone, Debug)]
pub struct BlobArgs {
    /// S3 server that keeps files, such as https://s3.eu-central-1.amazonaws.com [default: the folder
    /// <DATA>/files]
    #[arg(
        long,
        env = "QUIETROOM_S3_ENDPOINT",
        requires_all = ["s3_bucket", "s3_access_key", "s3_secret_key"]
    )]
    pub s3_endpoint: Option<String>,
    /// Bucket there
    #[arg(long, env = "QUIETROOM_S3_BUCKET", requires = "s3_endpoint")]
    pub s3_bucket: Option<String>,
    /// Region there
    #[arg(long, env = "QUIETROOM_S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// What the names of all objects begin with: nobody else may write there
    #[arg(long, env = "QUIETROOM_S3_PREFIX", default_value = "quietroom")]
    pub s3_prefix: String,
    /// Access key there
    #[arg(long, env = "QUIETROOM_S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<String>,
    /// Its secret; better in the variable, which is not in the list of processes
    #[arg(long, env = "QUIETROOM_S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<Secret>,
}

/// A setting that files cannot be kept with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobArgsError {
    /// Not the address of a server, or requests to it would cross a network in the clear.
    #[error(
        "--s3-endpoint must be https://host or https://host:port, with nothing behind; http:// is \
         for this machine only"
    )]
    Endpoint,
    /// Not what a bucket is called.
    #[error(
        "--s3-bucket must be the name of a bucket: 3 to 63 small letters, digits, dots, dashes"
    )]
    Bucket,
    /// Not what objects may be called.
    #[error("--s3-prefix must be letters, digits, dots and dashes, in parts between slashes")]
    Prefix,
    /// Something is given without the rest.
    #[error("--s3-endpoint needs --s3-bucket, --s3-access-key and --s3-secret-key")]
    Incomplete,
}

/// A secret as it was given; never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Where on which S3 server blobs are kept, and who we are there.
#[derive(Clone)]
pub struct S3Place {
    /// Address of the server, without a slash at its end.
    pub endpoint: String,
    /// Whether the way there is not sealed: this machine only.
    pub is_plain: bool,
    /// Region.
    pub region: String,
    /// Bucket.
    pub bucket: String,
    /// What the names of all objects begin with.
    pub prefix: String,
    /// Access key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: Zeroizing<String>,
}

impl BlobArgs {
    /// Checks what can be checked before anything is opened.
    ///
    /// # Errors
    /// The first setting that files cannot be kept with.
    pub fn check(&self) -> Result<(), BlobArgsError> {
        self.place().map(drop)
    }

    /// Opens the place where files are kept: on the S3 server, else beside the engine.
    ///
    /// # Errors
    /// [`BlobArgsError`], when files are kept at another place, or when the disk refuses.
    pub fn open(&self, data: &Path, engine: EngineKind) -> io::Result<Blobs> {
        if engine == EngineKind::Sled {
            place::check(data, &self.named().map_err(io::Error::other)?)?;
        }
        self.open_anyway(data, engine)
    }

    /// Opens this place, also where files are kept at another.
    ///
    /// # Errors
    /// [`BlobArgsError`], or when the disk refuses.
    pub fn open_anyway(&self, data: &Path, engine: EngineKind) -> io::Result<Blobs> {
        if let Some(place) = self.place().map_err(io::Error::other)? {
            return S3Blobs::new(&place).map(Blobs::S3).map_err(io::Error::other);
        }
        match engine {
            EngineKind::Memory => Ok(Blobs::Memory(MemoryBlobs::default())),
            EngineKind::Sled => LocalBlobs::open(&Blobs::directory(data)).map(Blobs::Local),
        }
    }

    /// The place in words that are the same whenever it is, without a secret.
    ///
    /// # Errors
    /// [`BlobArgsError`].
    pub fn named(&self) -> Result<String, BlobArgsError> {
        Ok(match self.place()? {
            None => "folder".to_owned(),
            Some(S3Place { endpoint, bucket, prefix, .. }) => {
                format!("s3 {endpoint} {bucket} {prefix}")
            }
        })
    }

    /// The S3 server, taken apart; `None` = files are kept on this machine.
    ///
    /// # Errors
    /// [`BlobArgsError`], which does not repeat it.
    pub fn place(&self) -> Result<Option<S3Place>, BlobArgsError> {
        let all = (&self.s3_endpoint, &self.s3_bucket, &self.s3_access_key, &self.s3_secret_key);
        let (endpoint, bucket, access_key, Secret(secret_key)) = match all {
            (None, None, None, None) => return Ok(None),
            (Some(endpoint), Some(bucket), Some(access_key), Some(secret_key)) => {
                (endpoint, bucket, access_key, secret_key)
            }
            _ => return Err(BlobArgsError::Incomplete),
        };
        let is_plain = is_plain(endpoint).ok_or(BlobArgsError::Endpoint)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(fits) {
            return Err(BlobArgsError::Bucket);
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(fits) && part.chars().any(|c| c != '.')
        };
        if !self.s3_prefix.split('/').all(is_part) {
            return Err(BlobArgsError::Prefix);
        }
        Ok(Some(S3Place {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            is_plain,
            region: self.s3_region.clone(),
            bucket: bucket.clone(),
            prefix: self.s3_prefix.clone(),
            access_key: access_key.clone(),
            secret_key: secret_key.clone(),
        }))
    }
}

/// Whether the way to this address is not sealed; `None` when it is no address, or would have to be.
fn is_plain(endpoint: &str) -> Option<bool> {
    let uri: Uri = endpoint.parse().ok()?;
    let authority = uri.authority()?;
    if authority.as_str().contains('@') || uri.path() != "/" || uri.query().is_some() {
        return None;
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_here = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.is_loopback());
    match uri.scheme_str()? {
        "https" => Some(false),
        "http" if is_here => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: BlobArgs,
    }

    const REST: [&str; 6] =
        ["--s3-bucket", "files", "--s3-access-key", "access", "--s3-secret-key", "s3cr3t"];

    fn args(line: &[&str]) -> BlobArgs {
        let words = std::iter::once("quietroom").chain(line.iter().copied());
        Line::try_parse_from(words).expect("flags").args
    }

    fn place(line: &[&str]) -> Result<Option<S3Place>, BlobArgsError> {
        args(&[&REST[..], line].concat()).place()
    }

    fn refused(line: &[&str]) -> Option<BlobArgsError> {
        place(line).err()
    }

    #[test]
    fn the_way_to_an_s3_server_on_another_machine_is_always_sealed() {
        let plain = |endpoint| place(&["--s3-endpoint", endpoint]).ok().flatten().unwrap().is_plain;
        assert!(plain("http://127.0.0.1:8333") && plain("http://[::1]:8333"));
        assert!(plain("http://localhost:8333/"));
        assert!(!plain("https://s3.eu-central-1.amazonaws.com"));
        assert!(!plain("https://10.0.0.1:9000"));
        for wrong in [
            "http://10.0.0.1:9000",
            "http://localhost.example.org",
            "s3.example.org",
            "ftp://localhost",
            "https://user:password@s3.example.org",
            "https://s3.example.org/bucket",
            "https://s3.example.org?x",
            "https://",
            "",
        ] {
            let endpoint = ["--s3-endpoint", wrong];
            assert_eq!(refused(&endpoint), Some(BlobArgsError::Endpoint), "{wrong}");
        }
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        let with = |more: [&str; 2]| {
            let line = ["--s3-endpoint", "https://s3.example.org", more[0], more[1]];
            args(&[&REST[..4], &["--s3-secret-key", "x"], &line[..]].concat()).place().err()
        };
        for prefix in ["", "/", "a//b", "../b", "a/..", "a b", "a/"] {
            assert_eq!(with(["--s3-prefix", prefix]), Some(BlobArgsError::Prefix), "{prefix}");
        }
        assert_eq!(with(["--s3-prefix", "practices/oak-1"]), None);
        let mut args = args(&[&REST[..], &["--s3-endpoint", "https://s3.example.org"]].concat());
        for bucket in ["a", "A-bucket", "a/b", "a bucket", &"a".repeat(64)] {
            args.s3_bucket = Some(bucket.to_owned());
            assert_eq!(args.check(), Err(BlobArgsError::Bucket), "{bucket}");
        }
    }

    #[test]
    fn without_a_server_files_stay_on_this_machine_and_half_a_server_is_none() {
        assert!(args(&[]).place().is_ok_and(|place| place.is_none()));
        let words = ["quietroom", "--s3-endpoint", "https://s3.example.org"];
        assert!(Line::try_parse_from(words).is_err());
        let mut half = args(&[]);
        half.s3_bucket = Some("files".to_owned());
        assert_eq!(half.check(), Err(BlobArgsError::Incomplete));
    }

    #[test]
    fn a_secret_is_never_shown() {
        let args = args(&[&REST[..], &["--s3-endpoint", "https://s3.example.org"]].concat());
        assert!(!format!("{args:?}").contains("s3cr3t"));
        let place = args.place().expect("a place").expect("a server");
        assert_eq!(&**place.secret_key, "s3cr3t");
    }
}
