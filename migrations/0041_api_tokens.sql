-- Tokens programs come in with: the SHA-256 of the token, never the token itself.

create table api_token (
    county text not null,
    token text not null,
    user_name text not null,
    name text not null,
    made_at text not null,
    stopped_at text,
    primary key (county, token)
);
create index api_token_by_user on api_token (county, user_name, token);
