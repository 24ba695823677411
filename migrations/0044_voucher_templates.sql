-- Templates of vouchers (模板凭证). lines: json list of voucher lines.
create table voucher_template (
    county text not null,
    book text not null,
    template text not null,
    word text not null,
    lines text not null,
    kept_by text not null,
    kept_at text not null,
    primary key (county, book, template)
);
