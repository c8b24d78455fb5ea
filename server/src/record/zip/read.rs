//! Reads a ZIP file of the one form that [`super::Zip`] writes, and refuses every other: so what a
//! program unpacks of it is what was checked here. Nothing it says of its sizes is believed before
//! they are seen to fit the file.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

use crc32fast::Hasher;
use shared_proto::limits;

use super::{
    CENTRAL, DAY, DESCRIPTOR, END, END_64, FLAGS, LOCAL, LOCATOR_64, SIZES_64, VERSION, VERSION_64,
};

/// It is no ZIP file of this form.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// Something is not where it has to be.
    #[error("{0}")]
    Malformed(&'static str),
    /// It could not be read.
    #[error("it could not be read: {0}")]
    Io(#[from] io::Error),
}

/// A member, as the list at the end names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    crc: u32,
    offset: u64,
    is_large: bool,
}

/// Bytes of a header where a member lies, of the same in the list, and of the end.
const LOCAL_BYTES: u64 = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: u64 = 22;
const END_64_BYTES: u64 = 56;
const LOCATOR_64_BYTES: u64 = 20;

const fn malformed<T>(what: &'static str) -> Result<T, ZipError> {
    Err(ZipError::Malformed(what))
}

/// Numbers one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], ZipError> {
        let (first, rest) =
            self.0.split_at_checked(count).ok_or(ZipError::Malformed("it is cut short"))?;
        self.0 = rest;
        Ok(first)
    }

    fn number<const N: usize>(&mut self) -> Result<u64, ZipError> {
        let mut bytes = [0; 8];
        bytes[..N].copy_from_slice(self.bytes(N)?);
        Ok(u64::from_le_bytes(bytes))
    }

    fn u16(&mut self) -> Result<u16, ZipError> {
        Ok(self.number::<2>()? as u16)
    }

    fn u32(&mut self) -> Result<u32, ZipError> {
        Ok(self.number::<4>()? as u32)
    }

    fn u64(&mut self) -> Result<u64, ZipError> {
        self.number::<8>()
    }

    /// Numbers that can only be these.
    fn expect(&mut self, numbers: &[u16]) -> Result<(), ZipError> {
        for number in numbers {
            if self.u16()? != *number {
                return malformed("it has something in it that a bundle has not");
            }
        }
        Ok(())
    }

    fn signature(&mut self, expected: u32) -> Result<(), ZipError> {
        if self.u32()? == expected {
            Ok(())
        } else {
            malformed("its parts are not in their places")
        }
    }
}

/// A ZIP file that is read.
pub struct Reader<R> {
    file: R,
    members: Vec<Member>,
}

impl<R: Read + Seek> Reader<R> {
    /// Reads the list of members and sees to it that they fill the file, in this order.
    ///
    /// # Errors
    /// [`ZipError`].
    pub fn open(mut file: R) -> Result<Self, ZipError> {
        let bytes = file.seek(SeekFrom::End(0))?;
        let (count, first, size) = end(&mut file, bytes)?;
        if count > limits::BUNDLE_MEMBERS as u64 {
            return malformed("it has too many members");
        }
        let most = count * (CENTRAL_BYTES + 28 + limits::BUNDLE_NAME_BYTES) as u64;
        if size > most {
            return malformed("its list of members is too long");
        }
        let list = read_at(&mut file, first, size)?;
        let mut fields = Fields(&list);
        let mut members = Vec::new();
        for _ in 0..count {
            members.push(central(&mut fields)?);
        }
        if !fields.0.is_empty() {
            return malformed("its list of members is longer than it says");
        }
        let mut names = HashSet::new();
        if !members.iter().all(|member| names.insert(member.name.to_lowercase())) {
            return malformed("two members have the same name");
        }
        let mut at = 0;
        for member in &members {
            at = local(&mut file, member, at)?;
        }
        if at != first {
            return malformed("there is something between its members and their list");
        }
        Ok(Self { file, members })
    }

    /// The members, in order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Hands a member to `take`, a piece at a time.
    ///
    /// # Errors
    /// [`ZipError`], also when it is not what its checksum says.
    pub fn read(&mut self, index: usize, mut take: impl FnMut(&[u8])) -> Result<(), ZipError> {
        let Some(member) = self.members.get(index) else { return malformed("it is cut short") };
        let start = member.offset + LOCAL_BYTES + member.name.len() as u64;
        self.file.seek(SeekFrom::Start(start + if member.is_large { 20 } else { 0 }))?;
        let (mut left, mut crc) = (member.bytes, Hasher::new());
        let mut buffer = vec![0; 64 * 1024];
        while left > 0 {
            let size = left.min(buffer.len() as u64) as usize;
            self.file.read_exact(&mut buffer[..size])?;
            crc.update(&buffer[..size]);
            take(&buffer[..size]);
            left -= size as u64;
        }
        if crc.finalize() == member.crc { Ok(()) } else { malformed("a member is damaged") }
    }
}

fn read_at<R: Read + Seek>(file: &mut R, at: u64, bytes: u64) -> Result<Vec<u8>, ZipError> {
    file.seek(SeekFrom::Start(at))?;
    let mut read = Vec::new();
    file.take(bytes).read_to_end(&mut read)?;
    if read.len() as u64 == bytes { Ok(read) } else { malformed("it is cut short") }
}

/// How many members there are, and where their list begins and how long it is: it ends where the
/// end begins, and the end is the end of the file.
fn end<R: Read + Seek>(file: &mut R, bytes: u64) -> Result<(u64, u64, u64), ZipError> {
    let Some(at) = bytes.checked_sub(END_BYTES) else { return malformed("it is cut short") };
    let last = read_at(file, at, END_BYTES)?;
    let mut fields = Fields(&last);
    fields.signature(END)?;
    fields.expect(&[0, 0])?;
    let (count, again) = (fields.u16()?, fields.u16()?);
    let (size, first) = (fields.u32()?, fields.u32()?);
    fields.expect(&[0])?;
    let is_large = first == u32::MAX || count == u16::MAX;
    let (count, first, size, end) = if is_large {
        end_64(file, at)?
    } else {
        (u64::from(count), u64::from(first), u64::from(size), at)
    };
    let fits = first.checked_add(size) == Some(end);
    let alike = again == u16::try_from(count).unwrap_or(u16::MAX);
    if fits && alike { Ok((count, first, size)) } else { malformed("it says wrong how long it is") }
}

fn end_64<R: Read + Seek>(file: &mut R, at: u64) -> Result<(u64, u64, u64, u64), ZipError> {
    let Some(begin) = at.checked_sub(END_64_BYTES + LOCATOR_64_BYTES) else {
        return malformed("it is cut short");
    };
    let last = read_at(file, begin, END_64_BYTES + LOCATOR_64_BYTES)?;
    let mut fields = Fields(&last);
    fields.signature(END_64)?;
    let size = fields.u64()?;
    fields.expect(&[VERSION_64, VERSION_64, 0, 0, 0, 0])?;
    let (count, again) = (fields.u64()?, fields.u64()?);
    let (bytes, first) = (fields.u64()?, fields.u64()?);
    fields.signature(LOCATOR_64)?;
    fields.expect(&[0, 0])?;
    let located = fields.u64()?;
    if size != 44 || count != again || located != begin || fields.u32()? != 1 {
        return malformed("it says wrong how long it is");
    }
    Ok((count, first, bytes, begin))
}

fn central(fields: &mut Fields<'_>) -> Result<Member, ZipError> {
    fields.signature(CENTRAL)?;
    let version = fields.u16()?;
    fields.expect(&[version, FLAGS, 0, 0, DAY])?;
    let crc = fields.u32()?;
    let (packed, plain) = (fields.u32()?, fields.u32()?);
    let (name, extra) = (fields.u16()?, fields.u16()?);
    fields.expect(&[0, 0, 0, 0, 0])?;
    let offset = fields.u32()?;
    let name = named(fields.bytes(usize::from(name))?)?;
    let is_large = version == VERSION_64;
    if version != if is_large { VERSION_64 } else { VERSION }
        || packed != plain
        || extra != if is_large { 28 } else { 0 }
    {
        return malformed("it has something in it that a bundle has not");
    }
    if !is_large {
        let (bytes, offset) = (u64::from(plain), u64::from(offset));
        return Ok(Member { name, bytes, crc, offset, is_large: false });
    }
    fields.expect(&[SIZES_64, 24])?;
    let (packed, bytes, far) = (fields.u64()?, fields.u64()?, fields.u64()?);
    if packed != bytes || plain != u32::MAX || offset != u32::MAX {
        return malformed("it says wrong how long a member is");
    }
    Ok(Member { name, bytes, crc, offset: far, is_large })
}

/// Sees to it that a member lies at `at` as the list says; where it ends.
fn local<R: Read + Seek>(file: &mut R, member: &Member, at: u64) -> Result<u64, ZipError> {
    if member.offset != at {
        return malformed("there is something between its members");
    }
    // Whether sizes of eight bytes are there was decided before the member was written.
    let head = read_at(file, at, LOCAL_BYTES)?;
    let mut fields = Fields(&head);
    fields.signature(LOCAL)?;
    let version = fields.u16()?;
    fields.expect(&[FLAGS, 0, 0, DAY])?;
    let (crc, packed, plain) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name, extra) = (fields.u16()?, fields.u16()?);
    let is_large = version == VERSION_64;
    let size = if is_large { u32::MAX } else { 0 };
    let alike = (version == VERSION || is_large)
        && is_large == member.is_large
        && (crc, packed, plain) == (0, size, size)
        && usize::from(name) == member.name.len()
        && extra == if is_large { 20 } else { 0 };
    if !alike {
        return malformed("a member is not what the list says");
    }
    let names = at + LOCAL_BYTES;
    let rest = read_at(file, names, u64::from(name) + u64::from(extra))?;
    let mut fields = Fields(&rest);
    if fields.bytes(usize::from(name))? != member.name.as_bytes() {
        return malformed("a member is not what the list says");
    }
    if is_large {
        fields.expect(&[SIZES_64, 16, 0, 0, 0, 0, 0, 0, 0, 0])?;
    }
    let sizes = if is_large { 24 } else { 16 };
    let descriptor = names + rest.len() as u64;
    let descriptor = descriptor.checked_add(member.bytes);
    let Some(descriptor) = descriptor else { return malformed("it is cut short") };
    let sized = read_at(file, descriptor, sizes)?;
    let mut fields = Fields(&sized);
    fields.signature(DESCRIPTOR)?;
    let crc = fields.u32()?;
    let (packed, plain) = if is_large {
        (fields.u64()?, fields.u64()?)
    } else {
        (u64::from(fields.u32()?), u64::from(fields.u32()?))
    };
    if (crc, packed, plain) != (member.crc, member.bytes, member.bytes) {
        return malformed("a member is not what the list says");
    }
    Ok(descriptor + sizes)
}

/// A name that is a place below the folder it is unpacked into, on every system.
fn named(name: &[u8]) -> Result<String, ZipError> {
    let bad = "a member has a name that a bundle does not give";
    let Ok(name) = std::str::from_utf8(name) else { return malformed(bad) };
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    let plain =
        |c: char| !c.is_control() && !matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let fine = name.len() <= limits::BUNDLE_NAME_BYTES
        && name.split('/').all(part)
        && name.chars().all(plain);
    if fine { Ok(name.to_owned()) } else { malformed(bad) }
}
