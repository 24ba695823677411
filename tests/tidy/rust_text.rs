//! Rust text taken apart far enough for house rules: what is code, what is a string, what is a comment.
//!
//! 1. Blanked text keeps its line breaks, so a line number is the same in both.
//! 2. Code inside `#[cfg(test)] mod … { }` can be left out, because tests may do what rules may not.

/// A string of the program text, without its quotes, and the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    pub line: usize,
    pub at: usize,
    pub text: String,
}

/// Program text with comments and the insides of strings blanked, and the strings beside it.
#[derive(Debug, Clone)]
pub struct Parts {
    pub code: String,
    pub literals: Vec<Literal>,
}

/// Takes program text apart.
pub fn parts(text: &str) -> Parts {
    let mut reader = Reader { rest: text, line: 1, code: String::with_capacity(text.len()), literals: Vec::new() };
    while !reader.rest.is_empty() {
        reader.step();
    }
    Parts { code: reader.code, literals: reader.literals }
}

/// The same without unit tests.
pub fn parts_without_tests(text: &str) -> Parts {
    let mut whole = parts(text);
    while let Some((start, end)) = test_block(&whole.code) {
        let blank = blanked(&whole.code[start..end]);
        whole.code.replace_range(start..end, &blank);
        whole.literals.retain(|literal| literal.at < start || literal.at >= end);
    }
    whole
}

/// The line a byte offset lies on.
pub fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where `#[cfg(test)]` stands and where the block after it ends.
fn test_block(code: &str) -> Option<(usize, usize)> {
    let start = code.find("#[cfg(test)]")?;
    let open = start + code[start..].find('{')?;
    let mut depth = 0;
    for (at, byte) in code[open..].bytes().enumerate() {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        if depth == 0 {
            return Some((start, open + at + 1));
        }
    }
    Some((start, code.len()))
}

/// Blanks, one byte for one byte, so that offsets stay.
fn blanked(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.blank(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.blank(block_comment(rest));
        } else if let Some((open, inside, close)) = string(rest, self.code.chars().next_back()) {
            self.keep(open);
            self.literals.push(Literal { line: self.line, at: self.code.len(), text: rest[open..open + inside].to_owned() });
            self.blank(inside);
            self.keep(close);
        } else if let Some(length) = character(rest) {
            self.blank(length);
        } else {
            self.keep(rest.chars().next().map_or(0, char::len_utf8));
        }
    }

    fn keep(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.code.push_str(taken);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.code.push_str(&blanked(taken));
        self.rest = rest;
    }
}

/// The length of a block comment, with those nested in it.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The lengths of a string's opening, inside and closing, if one begins here.
fn string(text: &str, before: Option<char>) -> Option<(usize, usize, usize)> {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let prefix =
        if in_word { "" } else { ["br", "cr", "r", "b", "c"].into_iter().find(|prefix| text.starts_with(prefix)).unwrap_or("") };
    let after = &text[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let is_raw = prefix.ends_with('r');
    if !after[hashes..].starts_with('"') || (hashes > 0 && !is_raw) {
        return None;
    }
    let open = prefix.len() + hashes + 1;
    let closing = format!("\"{}", "#".repeat(hashes));
    let inside = if is_raw { text[open..].find(&closing) } else { end_of_plain(&text[open..]) };
    let inside = inside.unwrap_or(text.len() - open);
    Some((open, inside, closing.len().min(text.len() - open - inside)))
}

fn end_of_plain(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The length of a character literal, if one begins here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let skipped = escaped.chars().next()?.len_utf8();
        return Some(2 + skipped + escaped[skipped..].find('\'')? + 1);
    }
    let first = inside.chars().next()?.len_utf8();
    inside[first..].starts_with('\'').then_some(first + 2)
}

#[test]
fn comments_strings_and_characters_are_told_apart() {
    let text = "let a = \"x // y\"; // z \"q\"\n/* /* n */ \"m\" */ let b = '\"'; let c: &'a str = r#\"he\"llo\"#;\nlet d = '\\''; \"end\"";
    let parts = parts(text);
    let found: Vec<(usize, &str)> = parts.literals.iter().map(|literal| (literal.line, literal.text.as_str())).collect();
    assert_eq!(found, [(1, "x // y"), (2, "he\"llo"), (3, "end")]);
    assert!(!parts.code.contains('z') && !parts.code.contains('n') && parts.code.contains("&'a str"));
    assert_eq!(parts.code.len(), text.len());
}

#[test]
fn unit_tests_can_be_left_out() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { \"s\" } }\nfn c() { \"t\" }\n";
    let parts = parts_without_tests(text);
    assert!(parts.code.contains("fn a") && !parts.code.contains("fn b") && parts.code.contains("fn c"));
    assert_eq!(parts.literals.len(), 1);
    assert_eq!(line_at(&parts.code, parts.literals[0].at), 4);
}
