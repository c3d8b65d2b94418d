//! Lists of words that names and addresses are made of.

/// A list of words, which the statements know as a function of a number.
pub struct WordList {
    /// The name of the function.
    pub function: &'static str,
    pub words: &'static [&'static str],
}

/// All lists.
pub const LISTS: [WordList; 5] = [
    WordList { function: "seed_first_name", words: FIRST_NAMES },
    WordList { function: "seed_last_name", words: LAST_NAMES },
    WordList { function: "seed_syllable", words: SYLLABLES },
    WordList { function: "seed_street", words: STREETS },
    WordList { function: "seed_town", words: TOWNS },
];

impl WordList {
    /// The word of a number.
    pub fn word(&self, number: i64) -> &'static str {
        self.words[number.unsigned_abs() as usize % self.words.len()]
    }
}

const FIRST_NAMES: &[&str] = &[
    "Siti", "Budi", "Agus", "Dewi", "Sri", "Wahyu", "Rina", "Eko", "Nur", "Andi", "Fitri", "Joko",
    "Yuni", "Hendra", "Ratna", "Bambang", "Indah", "Slamet", "Lestari", "Dian", "Rudi", "Wulan",
    "Tono", "Maya", "Arif", "Endang", "Surya", "Mega", "Anton", "Putri", "Ahmad", "Yanto", "Rini",
    "Dedi", "Lina", "Irfan", "Tuti", "Bayu", "Ayu", "Galih",
];

const LAST_NAMES: &[&str] = &[
    "Rahayu",
    "Wibowo",
    "Hidayat",
    "Susanti",
    "Nugroho",
    "Setiawan",
    "Kusuma",
    "Pratama",
    "Handayani",
    "Saputra",
    "Utami",
    "Purnomo",
    "Wijaya",
    "Suryani",
    "Gunawan",
    "Astuti",
    "Firmansyah",
    "Maharani",
    "Prasetyo",
    "Yulianti",
    "Hartono",
    "Permata",
    "Siregar",
    "Nasution",
    "Sihombing",
    "Anggraini",
    "Ramadhan",
    "Kurniawan",
];

/// Rare names are four of these.
const SYLLABLES: &[&str] = &[
    "ba", "ce", "du", "fi", "go", "ha", "je", "ku", "li", "mo", "na", "pe", "ru", "si", "to", "wa",
    "ye", "za", "ndra", "mbi",
];

const STREETS: &[&str] = &[
    "Jl. Kaliurang KM",
    "Jl. Parangtritis KM",
    "Jl. Wates KM",
    "Jl. Magelang KM",
    "Jl. Imogiri KM",
    "Jl. Godean KM",
    "Jl. Palagan KM",
    "Jl. Bantul KM",
    "Gang Melati No.",
    "Gang Mawar No.",
    "Perum Griya Asri Blok",
    "Dusun Ngasem RT",
];

/// Two of three are in Sleman.
const TOWNS: &[&str] = &[
    "Ngaglik, Sleman",
    "Depok, Sleman",
    "Mlati, Sleman",
    "Gamping, Sleman",
    "Kalasan, Sleman",
    "Godean, Sleman",
    "Kasihan, Bantul",
    "Sewon, Bantul",
    "Wates, Kulon Progo",
];
