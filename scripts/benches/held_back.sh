# shellcheck shell=bash
# Sets that were never looked at while the engine was made, resolved once with its defaults: for scripts/bench identity --held-back. There are no
# bars; the figures are beside those of plain keys, the usual first attempt: who has one of them in common is one person.

# held_back_set NAME FILE KEY LABEL IGNORED PLAIN-KEY…: the plain keys are expressions over the columns, in lower case.
held_back_set() {
    local name=$1 file=$2 key=$3 label=$4 ignored=$5 columns plain keys='' line
    shift 5
    columns=$(head -1 "$file" | tr -d '\r" ' | sed 's/[^,]*/"&" text/g')
    for plain in "$@"; do keys+="${keys:+ UNION ALL }SELECT row_ AS id, $((++number)) || ' ' || ($plain) AS v FROM numbered"; done
    line=$(sql -At -F ' ' << END
SET client_min_messages = warning;
DROP TABLE IF EXISTS people, result, plain;
CREATE TABLE people ($columns);
\copy people FROM '$file' WITH (FORMAT csv, HEADER)
SET cdp.workers = $workers;
SELECT count(*), clock_timestamp() AS started FROM people \gset
CREATE TABLE result AS SELECT * FROM cdp.dedupe('people', '$key', ignore => '{$ignored}');
SELECT :count, round(extract(epoch FROM clock_timestamp() - :'started'), 2);
DROP SCHEMA IF EXISTS peer CASCADE;
CREATE SCHEMA peer;
SET search_path = peer, public;
CREATE TABLE numbered AS SELECT row_number() OVER () AS row_, * FROM people;
CREATE TABLE person AS SELECT row_ AS id, "$key" AS name FROM numbered;
CREATE TABLE link AS SELECT id AS i, first AS j FROM (SELECT id, min(id) OVER (PARTITION BY v) AS first, count(*) OVER (PARTITION BY v) AS n
    FROM ($keys) AS k WHERE v IS NOT NULL) AS k WHERE n <= 50 AND first <> id;
$(sed 's/p\.id::text AS record_key/p.name AS record_key/' scripts/benches/peers_components.sql)
SELECT round(value::numeric, 4) FROM cdp.evaluate_resolution('result', 'people', truth_key => '$key', label => '$label')
WHERE measure IN ('f1', 'precision', 'recall') ORDER BY measure;
SELECT round(value::numeric, 4) FROM cdp.evaluate_resolution('peer.result', 'people', truth_key => '$key', label => '$label')
WHERE measure IN ('f1', 'precision', 'recall') ORDER BY measure;
END
)
    # shellcheck disable=SC2086
    printf '  %-22s %7s records  %6s s   F1 %s  P %s  R %s   plain keys F1 %s  P %s  R %s\n' "$name" ${line//$'\n'/ }
}

# febrl FOLDER NUMBER…: a set of FEBRL with a label made of its keys.
febrl() {
    local folder=$1 out=$work_dir/bench/febrl.csv part
    shift
    for part in "$@"; do [[ -f $folder/dataset$part.csv ]] || return 1; done
    {
        sed -n 's/, */,/g; 1s/$/,cluster/p' "$folder/dataset$1.csv" | tr -d '\r'
        for part in "$@"; do sed 's/, */,/g' "$folder/dataset$part.csv" | awk -F, 'NR > 1 && NF > 1 { sub(/\r/, ""); split($1, id, "-"); print $0 "," id[2] }'; done
    } > "$out"
}

held_back() {
    local recipe file number=0 records=20000 out name
    for name in 1 2 "4a 4b"; do
        # shellcheck disable=SC2086
        if [[ -n $folder ]] && febrl "$folder" $name; then
            held_back_set "febrl${name:0:1}" "$work_dir/bench/febrl.csv" rec_id cluster cluster soc_sec_id "given_name || ',' || surname || date_of_birth"
        else
            printf '  %-22s not given (--folder)\n' "febrl${name:0:1}"
        fi
    done
    for recipe in patients callers members relatives; do
        out=$work_dir/bench/$recipe.csv
        python3 scripts/benches/held_back.py $recipe $records "$out" "$seed"
        case $recipe in
            patients) set -- "lower(nombre || ',' || apellidos) || fecha_nacimiento" "lower(apellidos) || fecha_nacimiento || codigo_postal" ;;
            callers) set -- "right(regexp_replace(telefon, '[^0-9]', '', 'g'), 10)" "lower(vorname || ',' || nachname || ',' || ort)" ;;
            members) set -- "lower(email_address)" "lower(customer_name || ',' || town)" ;;
            relatives) set -- "lower(email)" "lower(vorname || ',' || nachname || ',' || strasse || plz)" ;;
        esac
        held_back_set "$recipe" "$out" id person person "$@"
    done
    for file in "${people[@]}"; do
        held_back_set "$(basename "$file" .csv)" "$file" rec_id entity_id entity_id,household_id "lower(email)" "right(regexp_replace(phone, '[^0-9]', '', 'g'), 10)" \
            loyalty_id "lower(first_name || ',' || last_name) || dob"
    done
}
