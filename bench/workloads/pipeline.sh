grep -v "^id" orders.csv | cut -d, -f2 | sort | uniq -c | sed 's/^ *//'
