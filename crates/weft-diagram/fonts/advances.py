from fontTools.ttLib import TTFont
import pathlib
D=str(pathlib.Path(__file__).parent)+'/'
R=TTFont(D+'Inter-Regular.ttf');S=TTFont(D+'Inter-SemiBold.ttf')
assert R['head'].unitsPerEm==S['head'].unitsPerEm==2048
r=R.getBestCmap();s=S.getBestCmap()
rows=[(c,R['hmtx'][r[c]][0],S['hmtx'][s[c]][0]) for c in sorted(r) if c in s]
out=["//! Advance widths of the two bundled fonts, so that no font parser is needed at run time.","//!","//! Made by `fonts/advances.py` from the cut files; do not edit by hand.","",
"/// Font units in one em, the same in both weights.","pub(crate) const UNITS_PER_EM: f64 = 2048.0;","",
"/// Advances by character, in ascending order: `(character, regular, semibold)`.","#[rustfmt::skip]",
f"pub(crate) const ADVANCES: [(u32, u16, u16); {len(rows)}] = ["]
line="   "
for c,a,b in rows:
    t=f" (0x{c:04X}, {a}, {b}),"
    if len(line)+len(t)>100: out.append(line); line="   "
    line+=t
out.append(line); out.append("];")
open(D+'../src/text/advances.rs','w').write("\n".join(out)+"\n")
print(len(rows), 'characters')
