"""The sheet of earlier years' disclosures (补录): its columns, its template, its rows, what stands against them."""
