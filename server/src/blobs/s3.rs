//! Blobs on an S3 server, an object for each chunk: `<prefix>/<id>/<index>`. An object is there whole
//! or not at all, and what the server has answered for it keeps as its operator set it up.
//!
//! Nothing an S3 server answers is logged or shown: it may repeat our access key.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};
use shared_proto::id::FileId;
use shared_proto::time::Millis;

use super::args::S3Place;
use super::{BlobError, CHUNK_BYTES, Listed, without_a_gap};

/// Longest one try of a request may take, and longest until it is connected.
const PATIENCE: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(5);
/// How often, and for how long, a request that failed is tried again.
const RETRIES: usize = 3;
const RETRIED_FOR: Duration = Duration::from_secs(20);
/// Shortest and longest pause before the next try.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];

/// A prefix in a bucket of an S3 server.
pub struct S3Blobs {
    store: AmazonS3,
    prefix: Path,
}

impl S3Blobs {
    /// The blobs at a place. The server is not asked for anything yet.
    ///
    /// # Errors
    /// When TLS cannot be set up, or the place is none.
    pub fn new(place: &S3Place) -> Result<Self, BlobError> {
        // The one all TLS here is made of; a second time changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let [shortest, longest] = PAUSES;
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: RETRIED_FOR,
            backoff: BackoffConfig { init_backoff: shortest, max_backoff: longest, base: 2.0 },
        };
        // All of what is asked of the client at once: options given later replace those before.
        let client = ClientOptions::new()
            .with_timeout(PATIENCE)
            .with_connect_timeout(CONNECT)
            .with_allow_http(place.is_plain);
        let store = AmazonS3Builder::new()
            .with_endpoint(&place.endpoint)
            .with_region(&place.region)
            .with_bucket_name(&place.bucket)
            .with_access_key_id(&place.access_key)
            .with_secret_access_key(&*place.secret_key)
            .with_client_options(client)
            .with_retry(retry)
            // Not every server has it, and a blob is few objects.
            .with_disable_bulk_delete(true)
            .build()
            .map_err(|error| judged(&error))?;
        Ok(Self { store, prefix: Path::from(place.prefix.as_str()) })
    }

    pub(super) async fn put_chunk(
        &self,
        id: FileId,
        index: u32,
        chunk: Bytes,
    ) -> Result<(), BlobError> {
        let put = self.store.put(&self.chunk(id, index), PutPayload::from_bytes(chunk)).await;
        put.map(drop).map_err(|error| judged(&error))
    }

    pub(super) async fn get_chunk(
        &self,
        id: FileId,
        index: u32,
    ) -> Result<Option<Bytes>, BlobError> {
        let found = match self.store.get(&self.chunk(id, index)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(judged(&error)),
        };
        // Whoever can write to the bucket does not decide how much is read into memory.
        if found.meta.size > CHUNK_BYTES as u64 {
            return Ok(None);
        }
        found.bytes().await.map(Some).map_err(|error| judged(&error))
    }

    pub(super) async fn stored(&self, id: FileId) -> Result<u32, BlobError> {
        let chunks = self.chunks(id).await?;
        let whole = chunks.iter().filter(|object| object.size <= CHUNK_BYTES as u64);
        Ok(without_a_gap(whole.filter_map(|object| self.read(&object.location)?.1)))
    }

    pub(super) async fn delete(&self, id: FileId) -> Result<bool, BlobError> {
        let chunks = self.chunks(id).await?;
        let all = chunks.into_iter().map(|object| Ok(object.location));
        let deleted = self.store.delete_stream(futures_util::stream::iter(all).boxed());
        let deleted = deleted.try_fold(false, async |_, _| Ok(true)).await;
        deleted.map_err(|error| judged(&error))
    }

    pub(super) async fn list(
        &self,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        // Above every index, which is a number.
        let offset = after.map(|id| self.blob(id).join("~"));
        let mut objects = match &offset {
            Some(offset) => self.store.list_with_offset(Some(&self.prefix), offset),
            None => self.store.list(Some(&self.prefix)),
        };
        let mut listed: Vec<Listed> = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object.map_err(|error| judged(&error))?;
            let Some((id, _)) = self.read(&object.location) else { continue };
            // Not every server leaves out all that the offset says.
            if after.is_some_and(|after| id <= after) {
                continue;
            }
            let touched = touched(&object);
            let is_full = listed.len() == limit;
            match listed.last_mut().filter(|last| last.id == id) {
                Some(last) => last.touched = last.touched.max(touched),
                None if is_full => break,
                None => listed.push(Listed { id, touched }),
            }
        }
        Ok(listed)
    }

    /// The objects of a blob, by rising indices.
    async fn chunks(&self, id: FileId) -> Result<Vec<ObjectMeta>, BlobError> {
        // No more than there may be, whatever else is in the bucket.
        let objects = self.store.list(Some(&self.blob(id)));
        let objects = objects.take(shared_proto::limits::FILE_CHUNKS as usize).try_collect();
        let mut objects: Vec<ObjectMeta> = objects.await.map_err(|error| judged(&error))?;
        objects.sort_unstable_by(|a, b| a.location.cmp(&b.location));
        Ok(objects)
    }

    fn blob(&self, id: FileId) -> Path {
        self.prefix.clone().join(id.to_string())
    }

    /// With as many digits as sort like the numbers.
    fn chunk(&self, id: FileId, index: u32) -> Path {
        self.blob(id).join(format!("{index:05}"))
    }

    /// Which blob an object is of, and which chunk where it is one.
    fn read(&self, location: &Path) -> Option<(FileId, Option<u32>)> {
        let mut parts = location.prefix_match(&self.prefix)?;
        let id = parts.next()?.as_ref().parse().ok()?;
        let index = parts.next()?.as_ref().parse().ok();
        parts.next().is_none().then_some((id, index))
    }
}

fn touched(object: &ObjectMeta) -> Millis {
    Millis(u64::try_from(object.last_modified.timestamp_millis()).unwrap_or_default())
}

/// What went wrong, in our own words.
const fn judged(error: &Error) -> BlobError {
    BlobError::Remote(match error {
        Error::NotFound { .. } => "there is no such bucket",
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            "it does not let this access key do this"
        }
        Error::InvalidPath { .. } => "there are objects of others under the prefix",
        _ => "it cannot be reached, or has a problem of its own",
    })
}
