//! The classes of money a village book keeps apart (资金类别): the six of the Beichuan model, and resident-cadre money.
//!
//! Pure. Source: domain/village-affairs.md §1, domain/seeds.md §3.
//!
//! 1. Lines carry the class by its Chinese name, as clerks' files do.

crate::words! {
    /// A class of money.
    pub enum FundClass {
        /// Running the village office.
        Office = "office", "村办公经费";
        /// Public services.
        Service = "service", "公共服务运行经费";
        /// Income of the collective.
        Collective = "collective", "村集体经济组织收益";
        /// Special funds from above.
        Special = "special", "上级专项资金";
        /// Subsidies that pass through to households.
        Household = "household", "到村到户民生补助资金";
        /// Poverty-relief special funds.
        Relief = "relief", "财政专项扶贫资金";
        /// Resident cadres: first secretary and work team.
        Resident = "resident", "驻村经费";
    }
}
