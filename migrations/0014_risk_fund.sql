-- Compensation claims on the risk fund and what came back; the fund's money itself is in its book.

create table fund_claim (
    county text not null,
    claim text not null,
    book text not null,
    loan text not null,
    bank text not null,
    state text not null check (state in ('filed', 'approved', 'rejected', 'paid')),
    filed_on text not null,
    filed_by text not null,
    days_overdue bigint not null,
    principal_cents bigint not null,
    interest_cents bigint not null,
    shares text not null,
    fund_cents bigint not null,
    approved_by text,
    approved_on text,
    paid_on text,
    paid_cents bigint not null,
    recovered_cents bigint not null,
    fund_recovered_cents bigint not null,
    written_off_cents bigint not null,
    written_off_on text,
    written_off_reason text,
    reason text,
    primary key (county, claim)
);
create unique index fund_claim_by_loan on fund_claim (county, loan) where state <> 'rejected';
