#!/bin/sh
# Writes shapes.tsv: what HarfBuzz's hb-shape (Debian's libharfbuzz-bin 6.0.0) makes of
# words in our fonts, as glyph=cluster@dx,dy+advance in units of the font.
cd "$(dirname "$0")" || exit 1
shape() { # font direction text
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(hb-shape --no-glyph-names --language=und \
		--direction="$2" --font-file="../../../../assets/fonts/$1.ttf" "$3")"
}
{
	shape NotoSansArabic-Regular rtl 'محمد علي'
	shape NotoSansArabic-Regular rtl 'فاطمة الزهراء'
	shape NotoSansArabic-Regular rtl 'اللّه لا إِلَٰه'
	shape NotoSansArabic-Regular rtl 'گل‌نار پژوهش'
	shape NotoSansArabic-Regular ltr '٢٠٢٦'
	shape NotoSansHebrew-Regular rtl 'עִבְרִית'
	shape NotoSansKhmer-Regular ltr 'សុខ'
	shape NotoSansKhmer-Regular ltr 'ចាន់ណា'
	shape NotoSansKhmer-Regular ltr 'ខ្ញុំស្រ្តី'
	shape NotoSansKhmer-Regular ltr 'ព្រះភ្នំពេញ'
	shape NotoSansDevanagari-Regular ltr 'नेपाली'
	shape NotoSansDevanagari-Regular ltr 'श्रेष्ठ'
	shape NotoSansDevanagari-Regular ltr 'क्षेत्री'
	shape NotoSansBengali-Regular ltr 'চট্টোপাধ্যায়'
	shape NotoSansGujarati-Regular ltr 'શ્રીકૃષ્ણ'
	shape NotoSansGurmukhi-Regular ltr 'ਪ੍ਰੀਤਮ ਸਿੰਘ'
	shape NotoSansTamil-Regular ltr 'ஸ்ரீகொழும்பு'
	shape NotoSansMyanmar-Regular ltr 'အောင်ဆန်းစုကြည်'
	shape NotoSansMyanmar-Regular ltr 'မြန်မာသူကျွန်ုပ်'
	shape NotoSansTelugu-Regular ltr 'శ్రీనివాస్'
	shape NotoSansKannada-Regular ltr 'ಕೃಷ್ಣಮೂರ್ತಿ'
	shape NotoSansMalayalam-Regular ltr 'കൃഷ്ണൻകുട്ടി'
	shape NotoSansOriya-Regular ltr 'ଓଡ଼ିଆଶ୍ରୀ'
	shape NotoSansSinhala-Regular ltr 'ශ්‍රී ලංකා'
	shape NotoSansThai-Regular ltr 'กุ้งปั้นน้ำ'
	shape NotoSansLao-Regular ltr 'ວົງສາຄຳນ້ຳ'
	shape NotoSansEthiopic-Regular ltr 'አበበ'
	shape NotoSansArmenian-Regular ltr 'Խաչատրյան'
	shape NotoSansGeorgian-Regular ltr 'ბერიძე'
	shape NotoSans-Regular ltr 'Ọ̀ṣunẸ́m̀'
	shape NotoSans-Bold ltr 'Ọ̀ṣunẸ́m̀'
	shape DroidSansFallbackFull ltr '王小明さくらー'
	shape NanumSquareR ltr '김민수'
} >shapes.tsv

# And pictures of some, drawn by hb-view at 200 pixels an em; Arabic larger, as on paper.
picture() { # name font text pixels
	hb-view --font-file="../../../../assets/fonts/$2.ttf" --font-size="${4:-200}" --margin=8 --language=und \
		--background=FFFFFF --output-format=png --output-file="shape-$1.png" "$3"
}
picture arabic NotoSansArabic-Regular 'محمد' 230
picture hebrew NotoSansHebrew-Regular 'עברית'
picture khmer NotoSansKhmer-Regular 'ស្រ្តី'
picture devanagari NotoSansDevanagari-Regular 'श्रेष्ठ'
picture thai NotoSansThai-Regular 'ปั้น'
picture burmese NotoSansMyanmar-Regular 'ကျွန်ုပ်'
picture telugu NotoSansTelugu-Regular 'శ్రీని'
picture chinese DroidSansFallbackFull '王明'
picture korean NanumSquareR '김민'
