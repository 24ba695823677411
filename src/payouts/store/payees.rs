//! Cards of payees, and by which account each was last reached.

use std::collections::HashMap;

use super::AT_ONCE;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, packing, typed, unpacked};
use crate::db::sealing::{seal, unseal};
use crate::db::{Connection, Failure};
use crate::payouts::list::Payee;

/// Registers payees, or corrects them; what was paid before stays known.
pub async fn save_payees(tx: &mut Connection, county: &str, payees: &[Payee]) -> Result<(), Failure> {
    const SQL: &str = "insert into payee (county, party, name, id_number, account_name, account, bank, died_on, moved_out_on) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7 from jsonb_each($2) where true \
         on conflict (county, party) do update set name = excluded.name, id_number = excluded.id_number, \
         account_name = excluded.account_name, account = excluded.account, bank = excluded.bank, died_on = excluded.died_on, \
         moved_out_on = excluded.moved_out_on";
    for chunk in payees.chunks(AT_ONCE) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|p| {
                let days = (p.died_on.map(|d| d.to_string()), p.moved_out_on.map(|d| d.to_string()));
                Ok((&p.party, &p.name, seal(&p.id_number)?, &p.account_name, seal(&p.account)?, &p.bank, days.0, days.1))
            })
            .collect::<Result<_, Failure>>()?;
        sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(&mut *tx).await?;
    }
    Ok(())
}

/// The cards of these parties.
pub async fn payees(tx: &mut Connection, county: &str, parties: &[&str]) -> Result<HashMap<String, Payee>, Failure> {
    const ASKED: &str = "jsonb_each($2) r cross join payee p where p.county = $1 and p.party = r.value->>0";
    let typed = ["p.name", "p.account_name", "p.bank", "p.paid_account_name"].map(typed);
    let [name, account_name, bank, last_name] = typed.each_ref().map(String::as_str);
    let columns = [
        "p.party",
        name,
        "p.id_number",
        account_name,
        "p.account",
        bank,
        "p.died_on",
        "p.moved_out_on",
        "p.paid_account",
        last_name,
        "p.paid_on",
    ];
    let sql = packing(&columns, ASKED);
    let mut found = HashMap::with_capacity(parties.len());
    for chunk in parties.chunks(AT_ONCE) {
        let asked: Vec<[&str; 1]> = chunk.iter().map(|party| [*party]).collect();
        let query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(county).bind(as_json(&asked));
        let text: String = column(&query.fetch_one(&mut *tx).await?, 0)?;
        for row in unpacked(&text) {
            let last = (unseal(row.text(8)?)?, row.text(9)?);
            let payee = Payee {
                party: row.text(0)?,
                name: row.text(1)?,
                id_number: unseal(row.text(2)?)?,
                account_name: row.text(3)?,
                account: unseal(row.text(4)?)?,
                bank: row.text(5)?,
                died_on: row.optional(6)?,
                moved_out_on: row.optional(7)?,
                last_paid: row.optional::<BusinessDate>(10)?.map(|_| last),
            };
            found.insert(payee.party.clone(), payee);
        }
    }
    Ok(found)
}

/// Remembers by which account and name these parties were reached, in a batch's paid rows of a day.
pub async fn remember_paid(tx: &mut Connection, county: &str, batch: &str, on: BusinessDate) -> Result<(), Failure> {
    const SQL: &str = "insert into payee (county, party, name, id_number, account_name, account, bank, paid_account, paid_account_name, \
         paid_on) select county, party, name, id_number, account_name, account, bank, account, account_name, decided_on from payout_row \
         where county = $1 and batch = $2 and state = 'paid' and decided_on = $3 \
         on conflict (county, party) do update set paid_account = excluded.paid_account, \
         paid_account_name = excluded.paid_account_name, paid_on = excluded.paid_on";
    sqlx::query(SQL).bind(county).bind(batch).bind(on.to_string()).execute(tx).await?;
    Ok(())
}
