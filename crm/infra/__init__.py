"""What every room stands on: database, clock, audit, jobs, links, sign-in guard, web forms. It knows no domain."""
