awk -F, '
  NR == 1 { next }
  !($2 in count) { order[++regions] = $2 }
  {
    value = $3 * $4
    count[$2]++
    total[$2] += value
    if (value > best) { best = value; best_id = $1 }
    if ($4 ~ /\.[05]0$/) round++
    words[toupper(substr($2, 1, 1))] += length($0)
  }
  END {
    for (i = 1; i <= regions; i++) {
      name = order[i]
      printf "%-6s %4d %12.2f %6d\n", name, count[name], total[name], words[toupper(substr(name, 1, 1))]
    }
    printf "best %d, round %d of %d\n", best_id, round, NR - 1
  }
' orders.csv
