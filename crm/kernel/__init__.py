"""Pure words shared by every room: refusals, permissions, phones, names, languages. No Flask, no database, no clock."""
