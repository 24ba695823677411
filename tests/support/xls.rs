//! A small writer of genuine xls workbooks (BIFF8 in a compound file), as old bank exports are: one worksheet of
//! texts and amounts, or the same with the record that says it is encrypted.

/// A cell.
pub enum Cell<'a> {
    /// A shared text.
    Text(&'a str),
    /// An amount in fen, kept as spreadsheet programs keep it: a whole number of hundredths.
    Fen(i64),
    /// Nothing.
    Blank,
}

const SECTOR: usize = 512;
const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;

/// The bytes of a workbook.
pub fn xls(rows: &[Vec<Cell<'_>>], is_encrypted: bool) -> Vec<u8> {
    compound_file("Workbook", workbook(rows, is_encrypted))
}

fn record(out: &mut Vec<u8>, id: u16, content: &[u8]) {
    assert!(content.len() <= 8_224, "longer records would need CONTINUE");
    out.extend(id.to_le_bytes());
    out.extend((content.len() as u16).to_le_bytes());
    out.extend(content);
}

fn begin(out: &mut Vec<u8>, kind: u16) {
    let mut content = Vec::new();
    for word in [0x0600, kind, 0x0DBB, 0x07CC] {
        content.extend(u16::to_le_bytes(word));
    }
    content.extend([0, 0, 0, 0, 6, 0, 0, 0]);
    record(out, 0x0809, &content);
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn workbook(rows: &[Vec<Cell<'_>>], is_encrypted: bool) -> Vec<u8> {
    let texts: Vec<&str> =
        rows.iter().flatten().filter_map(|cell| if let Cell::Text(text) = cell { Some(*text) } else { None }).collect();
    let mut shared = [(texts.len() as u32).to_le_bytes(), (texts.len() as u32).to_le_bytes()].concat();
    for text in &texts {
        shared.extend((text.encode_utf16().count() as u16).to_le_bytes());
        shared.push(1);
        shared.extend(utf16(text));
    }
    let name = "交易明细";
    let mut sheet_head = Vec::new();
    let (mut out, mut sheet) = (Vec::new(), Vec::new());
    begin(&mut out, 5);
    if is_encrypted {
        record(&mut out, 0x002F, &[&[1, 0, 1, 0, 1, 0][..], &[7; 48]].concat());
    }
    record(&mut out, 0x0042, &1200u16.to_le_bytes());
    // The worksheet begins behind the globals: this record, the shared texts and the end.
    let place = out.len() + 4 + 8 + name.encode_utf16().count() * 2 + 4 + shared.len() + 4;
    sheet_head.extend((place as u32).to_le_bytes());
    sheet_head.extend([0, 0, name.encode_utf16().count() as u8, 1]);
    sheet_head.extend(utf16(name));
    record(&mut out, 0x0085, &sheet_head);
    record(&mut out, 0x00FC, &shared);
    record(&mut out, 0x000A, &[]);
    assert_eq!(out.len(), place);
    begin(&mut sheet, 0x10);
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0) as u16;
    let size =
        [&0u32.to_le_bytes()[..], &(rows.len() as u32).to_le_bytes(), &0u16.to_le_bytes(), &columns.to_le_bytes(), &[0, 0]];
    record(&mut sheet, 0x0200, &size.concat());
    let mut nth = 0u32;
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let mut content = [(row as u16).to_le_bytes(), (column as u16).to_le_bytes(), [0, 0]].concat();
            match cell {
                Cell::Text(_) => {
                    content.extend(nth.to_le_bytes());
                    nth += 1;
                    record(&mut sheet, 0x00FD, &content);
                }
                Cell::Fen(fen) => {
                    // 30 bits, a whole number, to be divided by a hundred.
                    content.extend(((*fen as i32) << 2 | 3).to_le_bytes());
                    record(&mut sheet, 0x027E, &content);
                }
                Cell::Blank => {}
            }
        }
    }
    record(&mut sheet, 0x000A, &[]);
    out.extend(sheet);
    out
}

/// A compound file with one stream: allocation table, directory, stream.
fn compound_file(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    // Streams below 4,096 bytes would lie in the short-sector chain.
    stream.resize(stream.len().max(4_096).next_multiple_of(SECTOR), 0);
    let sectors = (stream.len() / SECTOR) as u32;
    assert!(sectors <= 126, "one allocation table");
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.extend([0; 16]);
    for word in [0x003E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        file.extend(word.to_le_bytes());
    }
    for number in [0, 1, 1, 0, 4_096, END, 0, END, 0, 0] {
        file.extend(u32::to_le_bytes(number));
    }
    file.resize(SECTOR, 0xFF);
    let chain = (0..sectors).map(|at| if at + 1 == sectors { END } else { at + 3 });
    for number in [0xFFFF_FFFD, END].into_iter().chain(chain) {
        file.extend(number.to_le_bytes());
    }
    file.resize(2 * SECTOR, 0xFF);
    file.extend(entry("Root Entry", 5, 1, END, 0));
    file.extend(entry(name, 2, FREE, 2, stream.len() as u64));
    file.resize(3 * SECTOR, 0);
    file.extend(stream);
    file
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u64) -> Vec<u8> {
    let mut bytes = utf16(name);
    let length = bytes.len() as u16 + 2;
    bytes.resize(64, 0);
    bytes.extend(length.to_le_bytes());
    bytes.extend([kind, 1]);
    for number in [FREE, FREE, child] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([0; 36]);
    bytes.extend(start.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes
}
