#!/usr/bin/env bash
# Accepts or refuses a handoff package with independent tools only: age (or openssl cms), tar, sha256sum, bagit.py,
# openssl cms, openssl ts, case_validate, xmllint, pdfsig and plain shell. Nothing of reviewer is used.
#
#   verify-package.sh [--into DIR] [--without TOOL]... PACKAGE IDENTITY CA TSA_CA [XSD]
#
# PACKAGE is a .tar.age, IDENTITY an age identity file; or a .tar.p7m with the recipient's private key (PEM). CA and
# TSA_CA are the certificates (PEM) of the organisation's authority and of the time authority: compare their
# fingerprints with ones you were given by another way. TSA_CA is not looked at where a package has no stamp. XSD is
# NCMEC's schema; without it cybertip.xml is only checked to be XML.
#
# This is the recipient's side: the evidence is written to the disk in the clear, into DIR (new or empty, and kept), or
# into a private temporary folder under TMPDIR that is removed at the end. Choose a protected disk.
#
# A tool that is missing is an error, unless --without says that you do without it: bagit.py, case_validate, xmllint or
# pdfsig. --without stamp accepts a package that has no time stamp and does not say so itself (in bag-info.txt).
# Exit status: 0 everything is right; 1 refused, the first thing that is wrong is named; 2 called wrongly, tool missing.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 077

# All of it is read before any of it runs: half a script accepts nothing.
main() {

usage() {
  echo "usage: ${0##*/} [--into DIR] [--without TOOL]... PACKAGE IDENTITY CA TSA_CA [XSD]" >&2
  exit 2
}
refuse() {
  echo "REFUSED: $1" >&2
  exit 1
}
said() { echo "ok    $1"; }

# DER as lines "depth type :value", without what is signed itself: certificates, signed attributes, signature.
skeleton() {
  openssl asn1parse -inform DER |
    sed -E 's/^ *[0-9]+:d=([0-9]+) +hl=[0-9]+ l= *[0-9]+ (cons|prim): /\1 /; s/ +/ /g; s/ $//; s/ \[HEX DUMP\].*//' |
    awk 'skip && $1 > skip { next } { skip = 0; print } ($1 == 3 || $1 == 5) && / cont \[ 0 \]/ { skip = $1 }'
}

# Whether a CMS signature ($1) by a certificate ($2) says what it must where it is not signed: version ($3), type of the
# content ($4), certificate, algorithms. openssl passes over some of it.
in_form() {
  local found certificate issuer serial digest algorithm version=$3 type=$4
  found=$(skeleton <"$1")
  certificate=$(openssl x509 -in "$2" -outform DER | skeleton)
  issuer=$(awk '$1 == 2 { n++ } n == 4 { $1 += 4; print }' <<<"$certificate")
  serial=$(awk '$1 == 2 { n++ } n == 2 { $1 += 4; print }' <<<"$certificate")
  for digest in 256 384 512; do
    for algorithm in "sha${digest}WithRSAEncryption"$'\n6 NULL' "ecdsa-with-SHA$digest"; do
      [ "$found" != "$(
        printf '%s\n' "0 SEQUENCE" "1 OBJECT :pkcs7-signedData" "1 cont [ 0 ]" "2 SEQUENCE" "3 INTEGER :$version" \
          "3 SET" "4 SEQUENCE" "5 OBJECT :sha$digest" "5 NULL" "3 SEQUENCE" "4 OBJECT :$type"
        [ "$version" = 01 ] || printf '%s\n' "4 cont [ 0 ]" "5 OCTET STRING"
        printf '%s\n' "3 cont [ 0 ]" "3 SET" "4 SEQUENCE" "5 INTEGER :01" "5 SEQUENCE" "$issuer" "$serial" \
          "5 SEQUENCE" "6 OBJECT :sha$digest" "6 NULL" "5 cont [ 0 ]" "5 SEQUENCE" "6 OBJECT :$algorithm" \
          "5 OCTET STRING"
      )" ] || return 0
    done
  done
  return 1
}

without=" " into=
while [ $# -gt 0 ]; do
  case $1 in
    --without)
      case ${2:-} in bagit.py | case_validate | xmllint | pdfsig | stamp) without+="$2 " ;; *) usage ;; esac
      shift 2
      ;;
    --into)
      [ -n "${2:-}" ] || usage
      into=$2
      shift 2
      ;;
    --*) usage ;;
    *) break ;;
  esac
done
[ $# -eq 4 ] || [ $# -eq 5 ] || usage
done_without=$without
skipped() { [[ $without == *" $1 "* ]]; }
full() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac }
package=$(full "$1") identity=$(full "$2") ca=$(full "$3") tsa_ca=$(full "$4") xsd=${5:+$(full "$5")}
for file in "$package" "$identity" "$ca" ${xsd:+"$xsd"}; do
  [ -r "$file" ] || { echo "cannot read ${file##*/}" >&2 && exit 2; }
done
case $package in *.p7m) opener=openssl ;; *) opener=age ;; esac
for tool in "$opener" tar sha256sum openssl bagit.py case_validate xmllint pdfsig find sort uniq comm cmp grep sed awk cut tr; do
  skipped "$tool" || command -v "$tool" >/dev/null ||
    { echo "missing: $tool (see --without in the head of this script)" >&2 && exit 2; }
done

if [ -n "$into" ]; then
  mkdir -p "$into"
  [ -z "$(find "$into" -mindepth 1 -print -quit)" ] || { echo "not empty: $into" >&2 && exit 2; }
  work=$(cd "$into" && pwd)
  mkdir "$work/.check"
  trap 'rm -rf "$work/.check"' EXIT
else
  work=$(mktemp -d)
  mkdir "$work/.check"
  trap 'rm -rf "$work"' EXIT
fi
check=$work/.check
tar=$check/package.tar

# The sealed file.
if [ "$opener" = age ]; then
  age --decrypt --identity "$identity" --output "$tar" "$package" 2>"$check/said" || refuse "age does not open it"
else
  openssl cms -decrypt -binary -inform DER -in "$package" -inkey "$identity" -out "$tar" 2>"$check/said" ||
    refuse "openssl cms does not open it"
fi
said "$opener: the sealed file is whole and was sealed to this identity"

# The tar: plain files of one folder, no name twice, nothing that leads out of it.
tar --list --quoting-style=literal --file "$tar" >"$check/names" 2>"$check/said" || refuse "tar cannot read it"
[ -s "$check/names" ] && [ ! -s "$check/said" ] || refuse "tar cannot read it"
folder=$(sed -n '1s|/.*||p' "$check/names")
[ -n "$folder" ] && [ "$folder" != . ] && [ "$folder" != .. ] && [ "$folder" != .check ] ||
  refuse "the tar does not hold one folder"
sed "s|^[^/]*/||" "$check/names" >"$check/order"
sed "s|^|$folder/|" "$check/order" | cmp -s - "$check/names" || refuse "the tar does not hold one folder"
! grep -qE '(^|/)\.{0,2}(/|$)|[[:cntrl:]]' "$check/order" || refuse "a name in the tar is not safe"
[ -z "$(sort "$check/order" | uniq -d)" ] || refuse "a name is twice in the tar"
tar --list --verbose --numeric-owner --full-time --file "$tar" >"$check/long"
[ "$(cut -c1 "$check/long" | sort -u)" = - ] || refuse "the tar holds something that is not a file"
tar --extract --no-same-owner --no-same-permissions --directory "$work" --file "$tar" || refuse "tar cannot unpack it"
cd "$work/$folder"
said "tar: unpacked"

# The lists, and that there is nothing else and nothing missing.
p7s=tagmanifest-sha256.txt.p7s tsr=tagmanifest-sha256.txt.p7s.tsr
for file in bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt "$p7s"; do
  [ -f "$file" ] || refuse "$file is missing"
done
! grep -qvE '^[0-9a-f]{64}  data/' manifest-sha256.txt || refuse "manifest-sha256.txt lists what is not an item"
! grep -qvE '^[0-9a-f]{64}  [^/]' tagmanifest-sha256.txt || refuse "tagmanifest-sha256.txt is not a list"
! grep -qE '^[0-9a-f]{64}  data/' tagmanifest-sha256.txt || refuse "tagmanifest-sha256.txt lists an item"
cut -c67- manifest-sha256.txt >"$check/items"
cut -c67- tagmanifest-sha256.txt >"$check/tags"
{ cat "$check/items" "$check/tags" && printf '%s\n' tagmanifest-sha256.txt "$p7s"; } >"$check/expected"
[ ! -e "$tsr" ] || echo "$tsr" >>"$check/expected"
find . -type f | sed 's|^\./||' | sort >"$check/found"
sort "$check/expected" >"$check/sorted"
comm -13 "$check/sorted" "$check/found" >"$check/unlisted"
comm -23 "$check/sorted" "$check/found" >"$check/absent"
[ ! -s "$check/unlisted" ] || refuse "a file is in no list"
[ ! -s "$check/absent" ] || refuse "a listed file is missing"
[ -z "$(uniq -d "$check/sorted")" ] || refuse "a file is listed twice"
said "find, comm: every file is listed, and every listed file is there"

sha256sum --check --strict --quiet tagmanifest-sha256.txt >"$check/said" 2>&1 || refuse "a document was altered (sha256sum)"
sha256sum --check --strict --quiet manifest-sha256.txt >"$check/said" 2>&1 || refuse "an item was altered (sha256sum)"
said "sha256sum: every file is as listed"

if ! skipped bagit.py; then
  bagit.py --validate --quiet . >"$check/said" 2>&1 || refuse "bagit.py does not validate it"
  said "bagit.py: a valid bag"
fi

# Who signed the list, by the given authority alone, and when.
openssl cms -verify -binary -cades -purpose any -inform DER -in "$p7s" -content tagmanifest-sha256.txt -CAfile "$ca" \
  -no-CApath -no-CAstore -signer "$check/signer.pem" -out /dev/null 2>"$check/said" ||
  refuse "the signature of the list is not valid (openssl cms)"
in_form "$p7s" "$check/signer.pem" 01 pkcs7-data || refuse "something of the list's signature is not signed (openssl)"
signer=$(openssl x509 -in "$check/signer.pem" -noout -subject -nameopt RFC2253)
said "openssl cms: the list was signed; ${signer}"
stamped="no time stamp"
# bag-info.txt is signed and says whether there is one: so it cannot be taken away.
case "$(sed -n 's/^Time-Stamp: //p' bag-info.txt)" in
  "$tsr") [ -e "$tsr" ] || refuse "the time stamp was taken away" ;;
  none)
    [ ! -e "$tsr" ] || refuse "there is a time stamp, and the package says that it has none"
    echo "NOT CHECKED: time stamp (the package says that it has none)"
    without+="stamp "
    ;;
esac
if [ -e "$tsr" ]; then
  [ -r "$tsa_ca" ] || refuse "there is a time stamp, and no certificate to check it with"
  openssl ts -verify -in "$tsr" -data "$p7s" -CAfile "$tsa_ca" >"$check/said" 2>&1 ||
    refuse "the time stamp is not valid (openssl ts)"
  openssl ts -reply -in "$tsr" -text >"$check/stamp" 2>/dev/null
  openssl ts -reply -in "$tsr" -token_out -out "$check/token" 2>/dev/null
  openssl cms -verify -noverify -purpose any -inform DER -in "$check/token" -signer "$check/tsa.pem" -out /dev/null \
    2>"$check/said" || refuse "the time stamp is not valid (openssl cms)"
  openssl ts -reply -in "$check/token" -token_in -out "$check/again" 2>/dev/null
  cmp -s "$tsr" "$check/again" && in_form "$check/token" "$check/tsa.pem" 03 id-smime-ct-TSTInfo ||
    refuse "something of the time stamp is not signed (openssl)"
  stamped="stamped $(sed -n 's/^Time stamp: //p' "$check/stamp")"
  said "openssl ts: the signature was $stamped"
else
  skipped stamp || refuse "there is no time stamp"
fi

# How it was packed is in no list: packed again in the order of the lists, it has to be the same to the last byte.
grep -vE '^(metadata/|bag-info\.txt$|manifest-sha256\.txt$)' "$check/tags" >"$check/in-order"
cat "$check/items" >>"$check/in-order"
grep -E '^(metadata/|bag-info\.txt$|manifest-sha256\.txt$)' "$check/tags" >>"$check/in-order"
printf '%s\n' tagmanifest-sha256.txt "$p7s" >>"$check/in-order"
[ ! -e "$tsr" ] || echo "$tsr" >>"$check/in-order"
cmp -s "$check/in-order" "$check/order" || refuse "the files are in another order than listed (tar)"
packed=$(sed -nE '1s/^-rw-r--r-- 0\/0 +[0-9]+ ([0-9-]+ [0-9:]+) .*/\1/p' "$check/long")
[ "${packed%% *}" = "$(sed -n 's/^Bagging-Date: //p' bag-info.txt)" ] || refuse "it was packed on another day than it says"
# GNU tar writes zeros as digits where a header names a device, and the header's sum differs by them; nothing else may.
if grep -qE '.{100}' "$check/names" || [ "$(tr -s ' ' <"$check/long" | cut -d' ' -f3 | sort -n | tail -n1)" -ge 8589934592 ]; then
  echo "NOT CHECKED: what lies between the files of the tar (a name or a file is too long for tar's ustar format)"
else
  sed "s|^|$folder/|" "$check/in-order" |
    tar --create --format=ustar --no-recursion --directory "$work" --verbatim-files-from --files-from - \
      --numeric-owner --owner=0 --group=0 --mode=0644 --mtime="$packed" |
    { cmp -l - "$tar" 2>"$check/said" || true; } |
    awk '{ at = ($1 - 1) % 512 }
         at >= 329 && at <= 344 && $2 == 60 && $3 == 0 { next }
         at >= 148 && at <= 153 && $2 ~ /^6[0-7]$/ && $3 ~ /^6[0-7]$/ { next }
         { print; exit }' >"$check/slack"
  [ ! -s "$check/slack" ] && [ ! -s "$check/said" ] || refuse "something in the tar is in no file (tar, cmp)"
fi
said "tar, cmp: in the order of the lists, and nothing between or behind the files"

# The documents: signed with the list already, now whether they are well made.
if ! skipped case_validate; then
  case_validate metadata/case.jsonld >"$check/said" 2>&1 || refuse "case.jsonld does not conform to CASE (case_validate)"
  said "case_validate: case.jsonld conforms"
fi
if [ -e metadata/cybertip.xml ] && ! skipped xmllint; then
  xmllint --nonet --noout ${xsd:+--schema "$xsd"} metadata/cybertip.xml >"$check/said" 2>&1 ||
    refuse "cybertip.xml is not valid (xmllint)"
  said "xmllint: cybertip.xml ${xsd:+is valid by the schema}${xsd:-is well-formed; no schema was given}"
fi
if ! skipped pdfsig; then
  for file in metadata/report.pdf metadata/letter.pdf; do
    [ -e "$file" ] || [ "$file" != metadata/letter.pdf ] || continue
    pdfsig -nocert "$file" >"$check/said" 2>&1 || refuse "${file#*/} is not signed (pdfsig)"
    grep -q 'Total document signed' "$check/said" && grep -q 'Signature is Valid' "$check/said" &&
      [ "$(grep -c '^Signature #' "$check/said")" = 1 ] || refuse "${file#*/}'s own signature is not valid (pdfsig)"
    said "pdfsig: ${file#*/}'s own signature is valid over all of it"
  done
fi
for tool in $done_without; do
  echo "NOT CHECKED: $tool"
done
[ -z "$into" ] || echo "unpacked in $work/$folder"
echo "ACCEPTED: $signer; $stamped"

}
main "$@"
