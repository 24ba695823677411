-- Duty persons of villages (岗位人员) from–through, and money of resident cadres (驻村经费) against its standards.

create table duty (
    county text not null,
    book text not null,
    duty bigint not null,
    post text not null,
    name text not null,
    from_on text not null,
    through_on text,
    document text not null,
    made_by text not null,
    made_at text not null,
    primary key (county, book, duty)
);

-- duty: the person; 0 for money of the whole team.
create table resident_payment (
    county text not null,
    book text not null,
    payment bigint not null,
    item text not null,
    duty bigint not null,
    year bigint not null,
    dated_on text not null,
    amount_cents bigint not null,
    made_by text not null,
    made_at text not null,
    voucher bigint not null,
    primary key (county, book, payment)
);
create index resident_payment_by_year on resident_payment (county, book, year);
