import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A row that must be rejected, and the heading of the wrong column. */
export interface BadRow {
  line: number;
  column: string;
}

export interface Customers {
  path: string;
  rows: number;
  bad: BadRow[];
  /** Valid rows: number as in the file, name, phone as +62…. */
  good: { number: string; name: string; phone: string }[];
}

const HEADING = "No Pelanggan;Nama;No HP;Alamat;Lintang;Bujur;Paket;NIK;Status;ODP";
export const PLANS = ["HOME-10", "HOME-20", "HOME-50", "BIZ-100"];

/** The real files of the operator where they exist, otherwise generated ones with the same habits and faults. */
export function customers(dir: string): Customers {
  const real = process.env.ISP_SHARED_DATA && join(process.env.ISP_SHARED_DATA, "pelanggan.csv");
  if (real && existsSync(real)) return classifyRows(real);
  const path = join(dir, "pelanggan.csv");
  writeFileSync(path, `\uFEFF${[HEADING, ...generateCustomers()].join("\r\n")}\r\n`);
  return classifyRows(path);
}

export function items(dir: string): string {
  const real = process.env.ISP_SHARED_DATA && join(process.env.ISP_SHARED_DATA, "barang.csv");
  if (real && existsSync(real)) return real;
  const path = join(dir, "barang.csv");
  writeFileSync(path, `${ITEMS.join("\n")}\n`);
  return path;
}

/** Finds the bad rows independently of the code under test. */
function classifyRows(path: string): Customers {
  const lines = readFileSync(path, "utf8").replace(/^\uFEFF/, "").split("\r\n").filter((line) => line !== "");
  const result: Customers = { path, rows: lines.length - 1, bad: [], good: [] };
  const seen = new Set<string>();
  lines.slice(1).forEach((text, index) => {
    const line = index + 2;
    const [number, name, phone, , latitude, longitude, plan] = text.split(";").map((cell) => cell.trim());
    const exceeds = (cell: string, limit: number) => Math.abs(Number(cell.replace(",", "."))) > limit;
    if (name === "") result.bad.push({ line, column: "Nama" });
    else if (phone === "" || phone.includes("E+")) result.bad.push({ line, column: "No HP" });
    else if (exceeds(latitude, 90)) result.bad.push({ line, column: "Lintang" });
    else if (exceeds(longitude, 180)) result.bad.push({ line, column: "Bujur" });
    else if (!PLANS.includes(plan)) result.bad.push({ line, column: "Paket" });
    else if (seen.has(number)) result.bad.push({ line, column: "No Pelanggan" });
    else result.good.push({ number, name, phone: `+62${phone.replace(/\D/g, "").replace(/^(62|0)/, "")}` });
    seen.add(number);
  });
  return result;
}

function generateCustomers(): string[] {
  const first = ["Siti", "Budi", "Rahayu", "Agus", "Dewi", "Joko", "Wulan", "Bayu"];
  const last = ["Rahayu", "Santoso", "Wibowo", "Lestari", "Prasetyo", "Utami"];
  const rows: string[] = [];
  for (let n = 1; n <= 4990; n += 1) {
    const digits = `812${String(10_000_000 + n * 1709).slice(0, 8)}`;
    const dashed = `0${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`;
    const spaced = `+62 ${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
    const spellings = [`0${digits}`, `+62${digits}`, `62${digits}`, dashed, spaced, ` 0${digits} `];
    const latitude = (-7.6 - (n % 200) / 1000).toFixed(6);
    const row = [
      `SLM${String(n).padStart(5, "0")}`,
      `${first[n % first.length]} ${last[n % last.length]}`,
      spellings[n % spellings.length],
      `Jl. Kaliurang No. ${n}, Ngaglik, Sleman`,
      n % 3 === 0 ? latitude.replace(".", ",") : latitude,
      (110.3 + (n % 150) / 1000).toFixed(6),
      PLANS[n % PLANS.length],
      "",
      n % 20 === 0 ? "isolir" : "aktif",
      n % 2 === 0 ? "" : `ODP-NGA-${String(n % 100).padStart(3, "0")}`,
    ];
    // Ten rows of each kind of fault, scattered.
    const kind = n % 499;
    if (kind === 3) row[2] = "";
    if (kind === 61) row[2] = "6.28123E+11";
    if (kind === 127) row[1] = "";
    if (kind === 211) row[4] = "-97.1";
    if (kind === 307) row[6] = "HOME-99";
    rows.push(row.join(";"));
    if (kind === 401) rows.push(row.join(";"));
  }
  return rows;
}

const ITEMS = [
  "Kode;Nama;Kategori;Satuan;Berseri;Stok awal;Stok minimum;Harga",
  "ONT-ZTE-F609;Modem ONT ZTE F609 V3;modem;pcs;ya;40;10;275000",
  "DW-1C;Kabel dropcore 1 core 3 seling;kabel;meter;tidak;8000;1500;1400",
  "FC-SCUPC;Fast connector SC/UPC;konektor;pcs;tidak;600;150;6500",
  "FC-SCAPC;Fast connector SC/APC;konektor;pcs;tidak;140;150;7000",
  "ROS-1;Roset optik 1 port;aksesoris;pcs;tidak;220;60;9000",
];
