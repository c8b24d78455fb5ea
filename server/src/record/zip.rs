//! A ZIP file as a bundle is one (APPNOTE.TXT 6.3.10), in the plainest form there is: members one
//! after the other, none compressed, none encrypted, and nothing between, before or after them. So
//! it is written as it goes out, and whoever checks one has nothing to unpack and nowhere to hide
//! anything. What may be larger than 4 GiB has sizes of eight bytes (4.5.3).

pub mod read;

use crc32fast::Hasher;
use sha2::{Digest, Sha256};

pub(super) const LOCAL: u32 = 0x0403_4b50;
pub(super) const DESCRIPTOR: u32 = 0x0807_4b50;
pub(super) const CENTRAL: u32 = 0x0201_4b50;
pub(super) const END: u32 = 0x0605_4b50;
pub(super) const END_64: u32 = 0x0606_4b50;
pub(super) const LOCATOR_64: u32 = 0x0706_4b50;
/// Sizes follow the member (bit 3), and its name is UTF-8 (bit 11).
pub(super) const FLAGS: u16 = 1 << 3 | 1 << 11;
/// Of the header that says how large something of eight bytes is.
pub(super) const SIZES_64: u16 = 0x0001;
/// 1980-01-01, the first day a ZIP file knows: when is said in the list of members.
pub(super) const DAY: u16 = 0x0021;
pub(super) const VERSION: u16 = 20;
pub(super) const VERSION_64: u16 = 45;

/// A member that has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its contents.
    pub sha256: [u8; 32],
    crc: u32,
    offset: u64,
    is_large: bool,
}

struct Open {
    name: String,
    bytes: u64,
    crc: Hasher,
    sha256: Sha256,
    offset: u64,
    is_large: bool,
}

/// A ZIP file being written.
#[derive(Default)]
pub struct Zip {
    /// What has not been taken yet.
    out: Vec<u8>,
    /// Bytes of the whole so far.
    at: u64,
    open: Option<Open>,
    written: Vec<Written>,
}

impl Zip {
    /// Begins a member; the one before has ended. `is_large`: it may be larger than 4 GiB.
    pub fn begin(&mut self, name: &str, is_large: bool) {
        let offset = self.at;
        let is_large = is_large || offset >= u64::from(u32::MAX);
        let (version, size, extra) =
            if is_large { (VERSION_64, u32::MAX, Some([0_u64, 0])) } else { (VERSION, 0, None) };
        self.u32(LOCAL);
        self.head(version, 0, size, size, name, extra.map_or(0, |_| 20));
        self.raw(name.as_bytes());
        if let Some(sizes) = extra {
            self.sizes_64(&sizes);
        }
        let (crc, sha256) = (Hasher::new(), Sha256::new());
        self.open = Some(Open { name: name.to_owned(), bytes: 0, crc, sha256, offset, is_large });
    }

    /// Adds to the member that was begun.
    pub fn add(&mut self, bytes: &[u8]) {
        if let Some(open) = &mut self.open {
            open.bytes += bytes.len() as u64;
            open.crc.update(bytes);
            open.sha256.update(bytes);
            self.raw(bytes);
        }
    }

    /// Ends the member that was begun.
    pub fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Open { name, bytes, crc, sha256, offset, is_large } = open;
        let crc = crc.finalize();
        self.u32(DESCRIPTOR);
        self.u32(crc);
        if is_large {
            self.u64(bytes);
            self.u64(bytes);
        } else {
            self.u32(short(bytes));
            self.u32(short(bytes));
        }
        let sha256 = sha256.finalize().into();
        self.written.push(Written { name, bytes, sha256, crc, offset, is_large });
    }

    /// A whole member.
    pub fn member(&mut self, name: &str, bytes: &[u8]) {
        self.begin(name, false);
        self.add(bytes);
        self.end();
    }

    /// The members that have ended.
    #[must_use]
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// What has been written since it was last taken.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Writes the list of members, which is the end.
    pub fn finish(&mut self) {
        let (first, written) = (self.at, std::mem::take(&mut self.written));
        for member in &written {
            self.central(member);
        }
        let (bytes, count) = (self.at - first, written.len() as u64);
        let is_large = first >= u64::from(u32::MAX) || count >= u64::from(u16::MAX);
        if is_large {
            let end = self.at;
            self.u32(END_64);
            self.u64(44);
            self.u16(VERSION_64);
            self.u16(VERSION_64);
            self.u32(0);
            self.u32(0);
            for number in [count, count, bytes, first] {
                self.u64(number);
            }
            self.u32(LOCATOR_64);
            self.u32(0);
            self.u64(end);
            self.u32(1);
        }
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        self.u32(END);
        self.u16(0);
        self.u16(0);
        self.u16(count);
        self.u16(count);
        self.u32(short(bytes));
        self.u32(short(first));
        self.u16(0);
    }

    fn central(&mut self, member: &Written) {
        let is_large = member.is_large;
        let version = if is_large { VERSION_64 } else { VERSION };
        let size = if is_large { u32::MAX } else { short(member.bytes) };
        self.u32(CENTRAL);
        self.u16(version);
        self.head(version, member.crc, size, size, &member.name, if is_large { 28 } else { 0 });
        self.u16(0);
        self.u16(0);
        self.u16(0);
        self.u32(0);
        self.u32(if is_large { u32::MAX } else { short(member.offset) });
        self.raw(member.name.as_bytes());
        if is_large {
            self.sizes_64(&[member.bytes, member.bytes, member.offset]);
        }
    }

    /// What a member is headed with, both where it lies and in the list.
    fn head(&mut self, version: u16, crc: u32, packed: u32, plain: u32, name: &str, extra: u16) {
        for number in [version, FLAGS, 0, 0, DAY] {
            self.u16(number);
        }
        for number in [crc, packed, plain] {
            self.u32(number);
        }
        self.u16(u16::try_from(name.len()).expect("a name is short"));
        self.u16(extra);
    }

    fn sizes_64(&mut self, sizes: &[u64]) {
        self.u16(SIZES_64);
        self.u16(8 * sizes.len() as u16);
        for size in sizes {
            self.u64(*size);
        }
    }

    fn u16(&mut self, number: u16) {
        self.raw(&number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.raw(&number.to_le_bytes());
    }

    fn u64(&mut self, number: u64) {
        self.raw(&number.to_le_bytes());
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.at += bytes.len() as u64;
    }
}

/// As four bytes take it: all ones for what is larger, which is then said elsewhere.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
