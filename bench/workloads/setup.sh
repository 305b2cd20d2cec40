# What the scripts read: orders.csv with 1,000 orders, and a small tree of sources.
seq 1000 | awk '
  BEGIN { split("north south east west", region, " "); print "id,region,quantity,price" }
  { printf "%d,%s,%d,%d.%02d\n", $1, region[$1 * 7 % 4 + 1], $1 * 13 % 17 + 1, $1 * 31 % 97, $1 % 100 }
' > orders.csv
for name in one two three four five; do
  mkdir -p "src/$name"
  printf 'name = %s\nsize = %d\n# TODO: %s\n' "$name" "${#name}" "$name" > "src/$name/$name.conf"
done
