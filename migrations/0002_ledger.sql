-- Books, charts, vouchers, movements. Amounts in fen (*_cents), dates ISO (*_on), instants RFC 3339 Z (*_at).
-- The hot tables (voucher, voucher_line, period_movement) carry no foreign keys: src/decisions/0004.

create table book (
    county text not null,
    book text not null,
    name text not null,
    kind text not null,
    place text,
    organisation text,
    first_period text not null,
    last_voucher bigint not null,
    last_posted bigint not null,
    last_digest text not null,
    stopped_on text,
    primary key (county, book)
);

-- Which regime's chart a book keeps in a year, and whether the year's balances were carried on.
create table book_year (
    county text not null,
    book text not null,
    year bigint not null,
    regime text not null,
    carried_at text,
    primary key (county, book, year)
);

create table account (
    county text not null,
    book text not null,
    year bigint not null,
    account text not null,
    name text not null,
    class text not null check (class in ('asset', 'liability', 'equity', 'cost', 'income', 'expense')),
    normal_side text not null check (normal_side in ('debit', 'credit')),
    parent text,
    is_leaf bigint not null check (is_leaf in (0, 1)),
    is_two_sided bigint not null check (is_two_sided in (0, 1)),
    requires text not null,
    source text not null,
    stopped_on text,
    primary key (county, book, year, account)
);

create table accounting_period (
    county text not null,
    book text not null,
    period text not null,
    state text not null check (state in ('open', 'closed')),
    changed_at text not null,
    changed_by text not null,
    reason text,
    digest text,
    primary key (county, book, period)
);

-- The last number drawn in each series; drawn together with the book's row, so numbers have no gaps.
create table voucher_number (
    county text not null,
    book text not null,
    period text not null,
    word text not null,
    last_number bigint not null,
    primary key (county, book, period, word)
);

create table voucher (
    county text not null,
    book text not null,
    voucher bigint not null,
    period text not null,
    word text not null check (word in ('记', '收', '付', '转')),
    number bigint not null,
    dated_on text not null,
    stage text not null check (stage in ('opening', 'ordinary', 'transfer')),
    state text not null check (state in ('draft', 'submitted', 'approved', 'posted', 'voided')),
    event text,
    maker text not null,
    made_at text not null,
    reviewer text,
    reviewed_at text,
    poster text,
    posted_at text,
    posted bigint,
    digest text,
    reverses bigint,
    source_key text,
    paper_attachments bigint not null,
    return_reason text,
    primary key (county, book, voucher)
);
create unique index voucher_by_number on voucher (county, book, period, word, number);
create unique index voucher_by_posted on voucher (county, book, posted);
create unique index voucher_by_reversed on voucher (county, book, reverses) where reverses is not null;
create unique index voucher_by_source on voucher (county, book, source_key) where source_key is not null;
create index voucher_waiting on voucher (county, book, period, state) where state <> 'posted';

create table voucher_line (
    county text not null,
    book text not null,
    voucher bigint not null,
    line bigint not null,
    period text not null,
    account text not null,
    summary text not null,
    debit_cents bigint not null,
    credit_cents bigint not null,
    party text,
    project text,
    fund_class text,
    document text,
    bank_account text,
    check ((debit_cents = 0) <> (credit_cents = 0)),
    primary key (county, book, voucher, line)
);
create index voucher_line_by_account on voucher_line (county, book, account, period, voucher, line);

-- Σ posted lines by period; dimension '' is the whole account, otherwise one row per member.
create table period_movement (
    county text not null,
    book text not null,
    dimension text not null,
    period text not null,
    account text not null,
    member text not null,
    stage text not null,
    debit_cents bigint not null,
    credit_cents bigint not null,
    primary key (county, book, dimension, period, account, member, stage)
);

-- The cards behind the dimensions: households, members, projects, bank accounts …
create table dimension_member (
    county text not null,
    book text not null,
    dimension text not null,
    member text not null,
    name text not null,
    stopped_on text,
    primary key (county, book, dimension, member)
);

create table attachment_file (
    county text not null,
    digest text not null,
    bytes_size bigint not null,
    content blob not null,
    primary key (county, digest)
);

create table attachment (
    county text not null,
    book text not null,
    voucher bigint not null,
    attachment bigint not null,
    digest text not null,
    name text not null,
    media_type text not null,
    added_at text not null,
    added_by text not null,
    primary key (county, book, voucher, attachment)
);
