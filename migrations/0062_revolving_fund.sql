-- Village revolving funds (扶贫周转金): what came in, was lent or invested, came back. Balances are the sums of moves.

create table revolving_fund (
    county text not null,
    fund text not null,
    book text not null,
    name text not null,
    document text not null,
    opened_on text not null,
    primary key (county, fund)
);

create table revolving_move (
    county text not null,
    fund text not null,
    move bigint not null,
    dated_on text not null,
    kind text not null check (kind in ('received', 'returned', 'lent', 'repaid', 'invested', 'recovered')),
    party text not null,
    amount_cents bigint not null,
    due_on text,
    document text not null,
    event text not null,
    primary key (county, fund, move)
);
create index revolving_move_by_party on revolving_move (county, party, fund, move);
