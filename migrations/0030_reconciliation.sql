-- Bank accounts, their statements, and what of them is matched with the books. Portable: bigint, text, blob only.

-- The register of bank accounts. Its row draws the numbers of lines, imports, groups and runs, and is their lock.
create table bank_account (
    county text not null,
    bank_account text not null,
    number text not null,
    bank_name text not null,
    holder text not null,
    book text not null,
    account text not null,
    member text not null,
    starts_on text not null,
    opening_cents bigint,
    close_check text not null check (close_check in ('block', 'warn', 'off')),
    auto_days bigint not null,
    candidate_days bigint not null,
    last_line bigint not null,
    last_import bigint not null,
    last_group bigint not null,
    last_run bigint not null,
    stopped_on text,
    primary key (county, bank_account)
);
create index bank_account_by_book on bank_account (county, book);

create table statement_import (
    county text not null,
    bank_account text not null,
    import bigint not null,
    file_name text not null,
    digest text not null,
    format text not null,
    from_on text not null,
    through_on text not null,
    opening_cents bigint,
    closing_cents bigint,
    lines_new bigint not null,
    lines_known bigint not null,
    first_line bigint not null,
    last_line bigint not null,
    proof text not null,
    findings text not null,
    imported_at text not null,
    imported_by text not null,
    undone_at text,
    undone_by text,
    primary key (county, bank_account, import)
);

-- part 0 is the line as the bank wrote it; a split line has parts from 1 whose amounts add up to it.
-- line_key is the same for lines that look alike in every layout; nth counts them.
create table statement_line (
    county text not null,
    bank_account text not null,
    line bigint not null,
    part bigint not null,
    import bigint not null,
    file_row bigint not null,
    dated_on text not null,
    amount_cents bigint not null,
    balance_cents bigint,
    line_key text not null,
    serial text not null,
    summary text not null,
    name text not null,
    account text not null,
    bank text not null,
    parts bigint not null,
    primary key (county, bank_account, line, part)
);
create index statement_line_by_date on statement_line (county, bank_account, dated_on);

-- Matching done at one time: groups first_group to last_group.
create table match_run (
    county text not null,
    bank_account text not null,
    run bigint not null,
    kind text not null check (kind in ('auto', 'hand', 'transfer')),
    first_group bigint not null,
    last_group bigint not null,
    note text not null,
    made_at text not null,
    made_by text not null,
    primary key (county, bank_account, run)
);

create table match_bank (
    county text not null,
    bank_account text not null,
    line bigint not null,
    part bigint not null,
    match_group bigint not null,
    why text not null,
    primary key (county, bank_account, line, part)
);
create index match_bank_by_group on match_bank (county, bank_account, match_group);

create table match_book (
    county text not null,
    bank_account text not null,
    book text not null,
    voucher bigint not null,
    line bigint not null,
    match_group bigint not null,
    primary key (county, bank_account, book, voucher, line)
);
create index match_book_by_group on match_book (county, bank_account, match_group);

-- What a bank line with certain words usually means in a book.
create table reconciliation_rule (
    county text not null,
    book text not null,
    rule text not null,
    contains text not null,
    direction text not null check (direction in ('in', 'out', 'both')),
    account text not null,
    dimensions text not null,
    primary key (county, book, rule)
);

-- Mappings of bank files, recognised by their headings.
create table statement_template (
    county text not null,
    template text not null,
    headings text not null,
    mapping text not null,
    debit_means text,
    primary key (county, template)
);

-- Papers as they were when somebody answered for them: one row a version, never changed.
create table reconciliation_document (
    county text not null,
    kind text not null check (kind in ('bank', 'loan-list')),
    subject text not null,
    period text not null,
    version bigint not null,
    digest text not null,
    content text not null,
    difference_cents bigint not null,
    made_at text not null,
    made_by text not null,
    primary key (county, kind, subject, period, version)
);
