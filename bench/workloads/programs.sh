total=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  name=$(basename "/srv/data/file-$i.txt" .txt)
  folder=$(dirname "/srv/data/$name")
  upper=$(echo "$name" | tr a-z A-Z)
  number=$(echo "$upper" | cut -d- -f2)
  total=$(expr "$total" + "$number")
done
echo "$folder $upper $total"
