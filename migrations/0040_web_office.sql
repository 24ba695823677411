-- The web office: passwords (argon2id, never the password itself) and sessions of people who are logged in.

create table app_password (
    county text not null,
    user_name text not null,
    hash text not null,
    changed_at text not null,
    changed_by text not null,
    primary key (county, user_name)
);

create table web_session (
    county text not null,
    session text not null,
    record text not null,
    expires_at text not null,
    primary key (county, session)
);
