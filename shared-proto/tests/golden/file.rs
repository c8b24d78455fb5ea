//! Files: what they are, and how large their pictures are.

use shared_proto::file::ask::{Ask, Told};
use shared_proto::file::{FileKind, Pixels};

use crate::*;

golden! {
    kinds_of_files_keep_their_bytes: FileKind {
        FileKind::Pdf => { FileKind::Pdf => "00" }
        FileKind::Png => { FileKind::Png => "01" }
        FileKind::Jpeg => { FileKind::Jpeg => "02" }
        FileKind::Gif => { FileKind::Gif => "03" }
        FileKind::Webp => { FileKind::Webp => "04" }
        FileKind::Heic => { FileKind::Heic => "05" }
        FileKind::Tiff => { FileKind::Tiff => "06" }
        FileKind::Text => { FileKind::Text => "07" }
        FileKind::Csv => { FileKind::Csv => "08" }
        FileKind::Rtf => { FileKind::Rtf => "09" }
        FileKind::Doc => { FileKind::Doc => "0a" }
        FileKind::Xls => { FileKind::Xls => "0b" }
        FileKind::Ppt => { FileKind::Ppt => "0c" }
        FileKind::Docx => { FileKind::Docx => "0d" }
        FileKind::Xlsx => { FileKind::Xlsx => "0e" }
        FileKind::Pptx => { FileKind::Pptx => "0f" }
        FileKind::Odt => { FileKind::Odt => "10" }
        FileKind::Ods => { FileKind::Ods => "11" }
        FileKind::Odp => { FileKind::Odp => "12" }
        FileKind::Mp3 => { FileKind::Mp3 => "13" }
        FileKind::M4a => { FileKind::M4a => "14" }
        FileKind::Wav => { FileKind::Wav => "15" }
        FileKind::Mp4 => { FileKind::Mp4 => "16" }
        FileKind::Mov => { FileKind::Mov => "17" }
        FileKind::Webm => { FileKind::Webm => "18" }
    }

    sizes_of_pictures_keep_their_bytes: Pixels {
        Pixels { .. } => { Pixels { width: 300, height: 301 } => "ac 02 ad 02" }
    }

    what_is_asked_about_files_keeps_its_bytes: Ask {
        Ask::Begin { .. } => {
            Ask::Begin { conversation: ROOM, client_id: MINE, name: "a.pdf".into(), bytes: 300 } =>
                "00 c0*16 11*16 05 61 2e 'pdf' ac 02",
        }
        Ask::Cancel { .. } => { Ask::Cancel { conversation: ROOM, file: FILE } => "01 c0*16 f1*16" }
        Ask::List { .. } => {
            Ask::List { conversation: ROOM, before: Some(LAST) } => "02 c0*16 01 e2*16",
        }
    }

    what_is_told_of_files_keeps_its_bytes: Told {
        Told::Upload { .. } => {
            Told::Upload { file: FILE, offset: 300, name: "a.pdf".into() } => "00 f1*16 ac 02 05 61 2e 'pdf'",
        }
        Told::Cancelled => { Told::Cancelled => "01" }
        Told::Files { .. } => {
            Told::Files { files: vec![entry()], more: true } =>
                "02 01 e2*16 ac 02 bb*16 00 02 02 01 ff 01",
        }
    }
}
