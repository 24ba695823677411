-- What takes a loan or a household out of a subsidy claim: approvals beyond what the fund carries (noted when they
-- were flagged), and claims other departments or banks have entered for the same household and days.

create table loan_beyond_fund (
    county text not null,
    loan text not null,
    found_on text not null,
    headroom_cents bigint not null,
    primary key (county, loan)
);

create table subsidy_elsewhere (
    county text not null,
    household text not null,
    department text not null,
    from_on text not null,
    through_on text not null,
    amount_cents bigint not null,
    document text not null,
    recorded_at text not null,
    recorded_by text not null,
    primary key (county, household, department, from_on)
);
