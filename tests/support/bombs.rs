//! Workbooks that unpack to more than they seem: zips written by hand, of repetitions that cost a bit or two each.

/// A part of a zip: what it begins with, what is repeated and how often, how it ends.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub head: Vec<u8>,
    pub piece: Vec<u8>,
    pub times: usize,
    pub tail: Vec<u8>,
}

impl Part {
    pub fn plain(text: &str) -> Part {
        Part { head: text.into(), ..Part::default() }
    }

    pub fn repeated(head: &str, piece: &str, times: usize, tail: &str) -> Part {
        Part { head: head.into(), piece: piece.into(), times, tail: tail.into() }
    }

    fn unpacked(&self) -> Vec<u8> {
        [self.head.clone(), self.piece.repeat(self.times), self.tail.clone()].concat()
    }

    /// One deflate block with the fixed codes: the piece once, then copies of 258 bytes of it.
    fn packed(&self, unpacked: &[u8]) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.plain(0b011, 3);
        let first = self.head.len() + self.piece.len();
        let copied = unpacked.len().saturating_sub(first + self.tail.len()) / 258;
        let (begin, rest) = if self.times < 2 { (unpacked, &[][..]) } else { unpacked.split_at(first) };
        begin.iter().for_each(|byte| bits.literal(*byte));
        if self.times >= 2 {
            (0..copied).for_each(|_| bits.copy(self.piece.len()));
            rest[copied * 258..].iter().for_each(|byte| bits.literal(*byte));
        }
        bits.code(0, 7);
        bits.plain(0, 7);
        bits.out
    }
}

#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// Bits of a number, the lowest first.
    fn plain(&mut self, value: u32, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            (self.held, self.count) = (self.held >> 8, self.count - 8);
        }
    }

    /// A code, the highest bit first.
    fn code(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|bit| self.plain(value >> bit & 1, 1));
    }

    fn literal(&mut self, byte: u8) {
        match u32::from(byte) {
            low @ 0..144 => self.code(0x30 + low, 8),
            high => self.code(0x190 + high - 144, 9),
        }
    }

    /// 258 bytes from so far back.
    fn copy(&mut self, back: usize) {
        self.code(0xC5, 8);
        let from = back as u32 - 1;
        if from < 4 {
            return self.code(from, 5);
        }
        let extra = from.ilog2() - 1;
        self.code(2 * extra + 2 + (from >> extra & 1), 5);
        self.plain(from & ((1 << extra) - 1), extra);
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256_u32)
        .map(|byte| (0..8).fold(byte, |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ crc >> 1 } else { crc >> 1 }))
        .collect();
    !bytes.iter().fold(!0, |crc, byte| table[usize::from(crc as u8 ^ byte)] ^ crc >> 8)
}

/// A workbook of one worksheet and its shared texts; `stated` lies about how large the worksheet is.
pub fn workbook(worksheet: Part, texts: Part, stated: Option<u32>) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book =
        format!("<workbook xmlns:r=\"{kind}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    let links = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{kind}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let parts = [
        ("xl/worksheets/sheet1.xml", worksheet),
        ("_rels/.rels", Part::plain(&root)),
        ("xl/workbook.xml", Part::plain(&book)),
        ("xl/_rels/workbook.xml.rels", Part::plain(&links)),
        ("xl/sharedStrings.xml", texts),
    ];
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (nth, (name, part)) in parts.iter().enumerate() {
        let unpacked = part.unpacked();
        let packed = part.packed(&unpacked);
        let size = stated.filter(|_| nth == 0).unwrap_or(unpacked.len() as u32);
        let mut sizes = [crc(&unpacked), packed.len() as u32, size].map(u32::to_le_bytes).concat();
        sizes.extend([(name.len() as u16).to_le_bytes(), [0, 0]].concat());
        let begins = (out.len() as u32).to_le_bytes();
        let version = [20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        out.extend([b"PK\x03\x04", &version[..], &sizes, name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\0", &version[..], &sizes, &[0; 10], &begins, name.as_bytes()].concat());
    }
    let count = (parts.len() as u16).to_le_bytes();
    let place = [directory.len() as u32, out.len() as u32].map(u32::to_le_bytes).concat();
    [&out[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &place, &[0, 0]].concat()
}
