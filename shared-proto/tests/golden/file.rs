//! Files: what they are, and how large their pictures are.

use shared_proto::file::{FileKind, Pixels};

use crate::check;

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
}
