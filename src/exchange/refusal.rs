//! Why a file is not taken at all. What is wrong with single rows is in `problems`.
//!
//! Pure.

use crate::refusals;

refusals! {
    /// Why a file is refused before any of its rows is looked at, or as a whole.
    pub enum ExchangeRefusal {
        /// Bytes that no character of the encoding has.
        "X-101" Undecodable { encoding: String, byte: usize, line: usize }
            zh "文件第 {line} 行(第 {byte} 个字节)不是 {encoding} 文字" en "line {line} (byte {byte}) is not {encoding} text"
            next "用 --encoding 指明编码(utf-8、gb18030、utf-16le),或在表格软件中另存为 xlsx";
        /// The file already lost characters: it holds U+FFFD where another program gave up.
        "X-102" CharactersLost { line: usize }
            zh "文件第 {line} 行含有替换符“\u{FFFD}”,原字已丢失" en "line {line} holds U+FFFD: characters were lost before"
            next "从原系统重新导出,不要用丢字的文件";
        /// An encoding nobody here reads.
        "X-103" UnknownEncoding { name: String }
            zh "不认识编码“{name}”" en "unknown encoding '{name}'" next "可用 utf-8、gb18030(gbk)、utf-16le、utf-16be";
        /// A workbook behind a password.
        "X-104" Encrypted { what: String }
            zh "{what} 加了密码,不能读取" en "{what} is encrypted" next "在表格软件中去掉打开密码后另存,再导入";
        /// Not a table of rows.
        "X-105" NotATable { looks_like: String }
            zh "这不是表格文件,看起来是{looks_like}" en "not a table of rows; it looks like {looks_like}"
            next "用表格软件打开,另存为 xlsx 或 csv 后再导入";
        /// Larger than an import may be.
        "X-106" TooLarge { what: String, limit: u64 }
            zh "文件过大:{what}超过 {limit}" en "the file is too large: {what} over {limit}" next "按月份或按村拆成几个文件再导入";
        /// A workbook that cannot be read to its end.
        "X-107" Damaged { what: String }
            zh "文件已损坏:{what}" en "the file is damaged: {what}" next "用表格软件打开检查,另存一份后再导入";
        /// The workbook has no such sheet.
        "X-108" NoSuchSheet { name: String, seen: String }
            zh "工作簿里没有“{name}”表,现有:{seen}" en "no sheet '{name}'; there are: {seen}" next "改用现有的表名";
        /// A quotation mark that swallows the rows below it.
        "X-109" QuoteLeftOpen { line: u64 }
            zh "第 {line} 行有一个单元格以引号“\"”开头而没有合上,后面的行会被并进这一格,所以整个文件没有读入"
            en "a quotation mark in line {line} is not closed; the lines below it would be lost"
            next "打开文件到这一行,删去多余的引号(或在这一格末尾补上),再导入";
        /// No row looks like the head of the table.
        "X-110" NoHeadRow { rows: usize, wanted: String }
            zh "前 {rows} 行里没有找到表头(需要有:{wanted})" en "no head row among the first {rows} rows (wanted: {wanted})"
            next "检查表头文字,或用对照文件说明各列";
        /// The head row lacks columns.
        "X-111" MissingColumns { row: u64, missing: String, seen: String }
            zh "第 {row} 行的表头缺少:{missing};看到的列有:{seen}" en "the head in row {row} lacks {missing}; seen: {seen}"
            next "补上缺少的列,或用对照文件写明“目标=表头”";
        /// Two columns for one thing.
        "X-112" TwoColumns { field: String, first: String, second: String }
            zh "“{first}”和“{second}”两列都是{field}" en "columns '{first}' and '{second}' both mean {field}"
            next "改掉其中一个表头,或用对照文件指明用哪一列";
        /// A line of the mapping file that says nothing.
        "X-113" BadMapping { line: usize, text: String }
            zh "对照文件第 {line} 行“{text}”不能理解" en "line {line} of the mapping, '{text}', is not understood"
            next "每行写成“目标=表头”,例如 摘要=业务内容";
        /// A heading the mapping names and the file lacks.
        "X-114" MappedHeadingAbsent { heading: String, seen: String }
            zh "对照文件里的表头“{heading}”在文件中没有;看到的列有:{seen}" en "mapped heading '{heading}' is not in the file; seen: {seen}"
            next "按文件里的表头文字改写对照文件";
        /// More problems than anybody mends by hand.
        "X-116" TooManyProblems { row: u64, limit: u64 }
            zh "到第 {row} 行已有超过 {limit} 处问题" en "more than {limit} problems by row {row}"
            next "多半是表头或编码不对:先用 --dry-run 看前几行,改正后再导入";
        /// The table has a head and nothing below.
        "X-115" NoRows
            zh "表头下面没有可导入的行" en "there are no rows below the head" next "检查文件内容";
    }
}

refusals! {
    /// Why a row of a list about loans is not taken.
    pub enum PaperRefusal {
        /// No number of months or years.
        "X-161" NotATerm { text: String }
            zh "期限“{text}”不能理解" en "'{text}' is not a term" next "写成月数(36)、36个月 或 3年";
        /// Neither a word nor a column says what happened.
        "X-162" UnknownFact { text: String }
            zh "不认识业务“{text}”" en "'{text}' is no known event of a loan" next "写 放款、还款、还息、展期、利率变动、核销 或 核销后收回";
    }
}
