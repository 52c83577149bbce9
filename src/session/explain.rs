//! What each measure and each finding means: the text behind `weft explain` and the method of reports.

use serde::Serialize;

/// One measure or finding.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Explanation {
    /// The word that `weft explain` takes.
    pub name: &'static str,
    /// What it tells, for a reader who knows no graph theory.
    pub tells: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Which values it can take, and in which unit.
    pub range: &'static str,
    /// Where it misleads.
    pub pitfalls: &'static str,
    /// Who defined it.
    pub reference: &'static str,
    /// The verb that computes it.
    pub verb: &'static str,
}

/// All explanations, in the order in which reports use them.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        name: "view",
        tells: "Which part of the data a number speaks of: the bodies that act, and the ties along \
                which an introduction can travel.",
        formula: "The conduit view: all nodes of kinds that are actors, all ties of relations that \
                  are conduits with both ends in, valid at D, at or above the floor of certainty; \
                  undirected. Ties between the same two nodes are one link; loops are left out.",
        range: "n nodes, m links, and the number of ties in them.",
        pitfalls: "Numbers of two views must not be compared. Records without dates count as valid \
                   at every D; how many they are is printed.",
        reference: "weft, docs/concepts/model.md",
        verb: "every verb",
    },
    Explanation {
        name: "certainty",
        tells: "How sure the source is of a tie.",
        formula: "stated (said in words), collective (said of two lists together), implied (only a \
                  name says it), ambiguous (a second reading is possible), inferred (from outside \
                  the source). A record is as certain as its strongest claim.",
        range: "Five words, strongest first. Findings leave out `inferred` unless asked.",
        pitfalls: "It speaks of what the source says, not of whether the source is right.",
        reference: "weft, docs/concepts/model.md",
        verb: "--certainty",
    },
    Explanation {
        name: "hub",
        tells: "Who holds the network together, in three meanings that are never blended: who works \
                with most, who connects groups, who has the shortest way to all.",
        formula: "Three rankings: by degree, by betweenness, by harmonic closeness; each with its rank \
                  on stated ties alone, with inferred ties added, and without its weakest tie.",
        range: "Three lists, ten bodies each unless `--limit` says otherwise.",
        pitfalls: "A body that the source writes much about ranks high in all three. Read what would \
                   be cut off without it, and how its rank changes.",
        reference: "weft, docs/concepts/model.md",
        verb: "hubs",
    },
    Explanation {
        name: "stability",
        tells: "Which places of a ranking would hold if the data had missed or invented some ties.",
        formula: "1,000 draws, each with one link in ten dropped at random (the nearest whole number, one \
                  at least): how often a body stays among \
                  the rows shown, and its ranks in the middle nine tenths of the draws; beside them its \
                  rank on stated ties alone, with inferred ties added, and without its weakest tie. Safe \
                  is a place that holds in all of these and in 95 of 100 draws. Where all bodies are \
                  shown, and of bodies asked for by name or place, to hold is to keep the rank or have a \
                  better one. Who cannot be ranked in a draw, as by constraint with fewer than three partners, \
                  stands there one after the last of the ranking. Of start-ups (`access --stability`) it is asked in the same draws whether they \
                  are under-connected; rank 1 is the highest ACCESS, and left out is the one tie on which they \
                  rest most: without which that turns, or else without which most of ACCESS goes. Draws take \
                  neither sources nor who meets which need away. For a link (`rank tie_betweenness`) those draws \
                  count that leave it, and left out is the weakest of the other ties at its ends. Bodies \
                  chosen together (`rank key_reachers`) have no ranks: it is asked whether each is chosen \
                  again, and who else would be.",
        range: "0 to 1,000 draws; ranks from 1.",
        pitfalls: "It tries losses among the ties on record; a tie that no source mentions is never drawn. \
                   A body with the figure of others that are not shown is never safe.",
        reference: "Costenbader and Valente, The stability of centrality measures when networks are \
                    sampled, Social Networks 25 (2003)",
        verb: "hubs --stability, rank --stability, brokers --stability, access --stability, critical --stability",
    },
    Explanation {
        name: "chance",
        tells: "Whether a figure is more than the number of ties of a body would give by itself.",
        formula: "999 networks in which the ends of two ties of one relation are swapped again and again, \
                  the kinds of the ends kept: 10 swaps a tie, or as many as 100 tries a tie find; no loop \
                  and no second tie between two bodies is made; several ties between the same two move \
                  together, in exchange for ties of the same relations alone. p = (1 + samples at least as extreme) / (1 + samples), for higher and for \
                  lower figures apart; each differs up to 0.025. Rewiring keeps no link, so a link is held against \
                  the one of its rank there; bodies chosen together against as many chosen the same way.",
        range: "p from 0.001 to 1.",
        pitfalls: "It says nothing of degree, which it keeps, and nothing where fewer than one swap a tie is \
                   found. Of many bodies tried some differ by luck.",
        reference: "Maslov and Sneppen, Science 296 (2002); North, Curtis and Sham, Am. J. Hum. Genet. 71 \
                    (2002) for p",
        verb: "hubs --chance, rank --chance, brokers --chance, access --chance, critical --chance",
    },
    Explanation {
        name: "degree",
        tells: "With how many other bodies this one works. The body that works with most.",
        formula: "The number of distinct neighbours in the conduit view.",
        range: "0 to n - 1 bodies.",
        pitfalls: "A body that the source writes much about has more ties on record. Rewiring keeps \
                   degrees, so chance says nothing about them.",
        reference: "Freeman, Centrality in social networks, Social Networks 1 (1979)",
        verb: "hubs, rank degree",
    },
    Explanation {
        name: "betweenness",
        tells: "How often this body stands on a shortest way between two others. The body that \
                connects groups.",
        formula: "The sum over pairs s, t of the share of their shortest paths that pass through v; \
                  each pair counts once, and with `--direction out` or `in` each ordered pair. From \
                  20,000 bodies on it is estimated from 1,024 searches in each larger part, and the \
                  greatest error is said.",
        range: "0 to (n - 1)(n - 2) / 2 pairs, twice that with a direction.",
        pitfalls: "It can rest on one weak tie: see how it changes when that tie is dropped. Real \
                   introductions do not always take the shortest way.",
        reference: "Freeman, Sociometry 40 (1977); Brandes, J. Math. Sociology 25 (2001)",
        verb: "brokers, hubs, rank betweenness",
    },
    Explanation {
        name: "constraint",
        tells: "How far a body's partners already know each other. Low constraint marks a broker.",
        formula: "The sum over partners j of (p_ij + sum over q of p_iq p_qj)^2, q other than both, \
                  where p_ij is the share that the link to j has in the weight of all links of i.",
        range: "Above 0, to a little over 1; lower is more of a broker.",
        pitfalls: "Unreliable below three partners: `hubs` and `brokers` do not show it there, `rank` gives \
                   it without a rank. A partner counts once however many ties there are, and whichever way \
                   they run: programs that read directed networks count ties both ways twice, as \
                   `--weight ties` does.",
        reference: "Burt, Structural Holes (1992), chapter 2",
        verb: "brokers, hubs, rank constraint",
    },
    Explanation {
        name: "effective_size",
        tells: "How many of a body's partners are not already reached through another partner.",
        formula: "The number of partners less the mean number of links that each has to the others; \
                  with `--weight` the sum over partners j of 1 less the sum over q of p_iq m_jq, m_jq being \
                  the link of j to q by the strongest of j. Efficiency: that by the number of partners.",
        range: "1 to the number of partners, efficiency up to 1; nothing for a body without any.",
        pitfalls: "Grows with the number of partners: compare bodies of like size.",
        reference: "Burt, Structural Holes (1992); Borgatti, Connections 20 (1997)",
        verb: "brokers, hubs, rank effective_size",
    },
    Explanation {
        name: "brokerage",
        tells: "Between whom a body stands: bodies of its own kind, of one other kind, of its own and \
                another, or of two others.",
        formula: "Gould and Fernandez's roles, the groups being kinds. Counted are ordered pairs of its \
                  partners without a link to each other, so that an open pair counts twice: \
                  coordinator (all three of one kind), itinerant or consultant (the two of one kind, \
                  it of another), representative (from its own kind to another), gatekeeper (from \
                  another into its own), liaison (three kinds).",
        range: "0 upwards; the five sum to twice the number of open pairs.",
        pitfalls: "They grow with the number of partners, and with how finely kinds are told apart. Where \
                   ties have no direction, representative and gatekeeper are the same number.",
        reference: "Gould and Fernandez, Structures of mediation, Sociological Methodology 19 (1989)",
        verb: "brokers",
    },
    Explanation {
        name: "harmonic",
        tells: "How near this body is to all others. The shortest way to all.",
        formula: "The sum over all other bodies of 1 / distance, divided by n - 1; a body out of \
                  reach adds nothing.",
        range: "0 (alone) to 1 (linked to all).",
        pitfalls: "Classic closeness means nothing on a network in parts, so it is not used.",
        reference: "Marchiori and Latora, Physica A 285 (2000)",
        verb: "hubs, rank harmonic",
    },
    Explanation {
        name: "reach",
        tells: "How many bodies can be reached in two steps: partners, and partners of partners.",
        formula: "The number of other bodies at distance 1 or 2.",
        range: "0 to n - 1 bodies.",
        pitfalls: "In a dense core almost everybody reaches everybody.",
        reference: "Borgatti, Everett and Johnson, Analyzing Social Networks (2013)",
        verb: "hubs, rank reach --steps",
    },
    Explanation {
        name: "critical",
        tells: "Who would be cut off if this body left.",
        formula: "A cut node (articulation point) v: cut off are the nodes of its component that, \
                  without v, are outside its largest remaining part.",
        range: "0 bodies (nobody) upwards, each named.",
        pitfalls: "Being cut off in the data may mean that other ties are not on record. Which places \
                   are safe, `rank cut_off --stability` says.",
        reference: "Hopcroft and Tarjan, Comm. ACM 16 (1973)",
        verb: "critical, rank cut_off",
    },
    Explanation {
        name: "access",
        tells: "How near a start-up is to bodies that meet its needs: 1 works with a provider of \
                every need, 0.5 is as good as every need one introduction away.",
        formula: "ACCESS (access-1) = sum over needs t of w_t a(d_t) / sum of w_t, with d_t the \
                  fewest links to a provider of t and a(0) = a(1) = 1, a(2) = 1/2, a(3) = 1/4, else \
                  0. w_t is 2 where it says that it needs t, else what the schema says for its stage, \
                  else 1. Needs that nobody in the data meets are left out and named beside it.",
        range: "0 to 1, or nothing where no need is left. The ceiling is the highest ACCESS of any \
                actor when all needs count alike.",
        pitfalls: "Compare only within one view. Few recorded ties may mean little known, not \
                   little done: the status then says `not enough data`.",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "fragility",
        tells: "How much of a start-up's access hangs on one partner.",
        formula: "The largest share, over its partners b, of the needs at distance 1 or 2 that are \
                  farther than 2 once b is removed.",
        range: "0 to 1, or nothing where no need is within two links.",
        pitfalls: "A start-up with one partner always has 1 (or nothing).",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "evidence",
        tells: "How many sources speak of a start-up, and how new the newest is.",
        formula: "The number of distinct sources with a claim on the start-up or on any tie at it, \
                  whatever its day, relation and certainty, introductions in hand (`introduce \
                  list`) apart.",
        range: "0 sources upwards; a date.",
        pitfalls: "Two sources that copy each other count as two.",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "status",
        tells: "Whether a start-up is connected, depends on one body, is under-connected, or not \
                enough is known to say.",
        formula: "The first that holds. Not enough data: no ACCESS, or at most one link and either \
                  fewer than 2 sources or none in the last 24 months. Under-connected: ACCESS below \
                  half the ceiling, or a critical need at 3 or more. Depends on one: fragility at \
                  least 0.8. Connected.",
        range: "Four words, always with the four figures and every need's distance.",
        pitfalls: "It describes the data, not the company.",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "ceiling",
        tells: "How much access these data allow to anybody.",
        formula: "The highest ACCESS of any actor in the view when all needs that somebody meets \
                  weigh 1.",
        range: "0 to 1, or nothing where nobody meets any need.",
        pitfalls: "It speaks of the data: a need whose providers are not on record lowers it for all.",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "reason",
        tells: "Why a start-up stands where it stands.",
        formula: "All that hold. isolated: no link. apart: linked, not to the largest part. few_ties: \
                  one link. wrong_ties: two links or more, and under-connected. far: a need at three \
                  links. missing: a need farther or without a path. one_broker: fragility at least \
                  0.8, with the partner that gives it. same_circle: two links or more, all partners in \
                  one community.",
        range: "Eight words, `far` and `missing` with the need, `one_broker` with the partner.",
        pitfalls: "They speak of the ties on record. `same_circle` rests on communities, which are \
                   found by chance with the seed that is printed.",
        reference: "weft, docs/concepts/access.md",
        verb: "access",
    },
    Explanation {
        name: "introduction",
        tells: "Whom a start-up should meet, through whom, and what it would change.",
        formula: "Candidates: every actor that is not linked to it, is no start-up, is a company only if \
                  it meets a need, may be introduced (`introduce`, `--not`), is not in hand with it or \
                  declined (`introduce list`), and brings a gain. \
                  Gain = ACCESS after less before, with d_t' = min(d_t, 1 + d_t(p)). Route: 1 if two \
                  links away, 1/2 if three, 1/4 beyond. Score = gain x route. Ready now: those two \
                  links away, by gain; most useful: all, by gain; each chosen by what it adds to \
                  those above it.",
        range: "A gain from 0 to 1.",
        pitfalls: "Says what the data show. Whether two people get on, it cannot know.",
        reference: "weft, docs/concepts/access.md",
        verb: "introduce",
    },
    Explanation {
        name: "plan",
        tells: "Which introductions to make for all start-ups together without asking anybody too often.",
        formula: "Chosen one at a time, the one that adds most to the plan: gain x route, less what the \
                  start-up has by those chosen before. At most `-k` a start-up; at most `--cap` times is \
                  a body met, and as often it introduces, those in hand included; where the best broker is \
                  asked enough, the next who knows both. The bound: what no plan under the same limits exceeds.",
        range: "A sum of scores, from 0; the share of the bound that it reaches at least.",
        pitfalls: "Greedy: it can fall short of the best plan, by no more than the bound says.",
        reference: "Nemhauser, Wolsey and Fisher, Mathematical Programming 14 (1978)",
        verb: "introduce --all",
    },
    Explanation {
        name: "gaps",
        tells: "What is missing in the ecosystem.",
        formula: "Missing provider: a need that nobody or one body meets. Unreached need: the share \
                  of start-ups at three links or more. Hole between groups: kinds, sectors or places \
                  with fewer links than 999 networks rewired with the schema's leave (pairs with 3 or \
                  more expected, Benjamini-Hochberg, 0.05); communities that no link or one joins, with \
                  what one holds and the other lacks, untested. Missing bridge: the tie of two bodies, \
                  neither a start-up, that raises the mean ACCESS of start-ups most. Single point of \
                  failure: a cut node. Thin \
                  data: one statement only, no date, suspected duplicates.",
        range: "Lists, each item with its evidence.",
        pitfalls: "A gap in the data looks like a gap in the ecosystem. Thin data says where to \
                   look first.",
        reference: "weft, docs/concepts/gaps.md",
        verb: "gaps",
    },
    Explanation {
        name: "stats",
        tells: "What kind of network it is: how large, how dense, in how many parts, how far across, and \
                how far it turns about a few.",
        formula: "Counts of nodes, links and ties, by kind, relation and certainty; beside them density, \
                  component, eccentricity, clustering, centralisation, assortativity, reciprocity, \
                  core_periphery and ei_index, each explained under its own name.",
        range: "As of each figure.",
        pitfalls: "Most of these figures change with the size of a network: compare only like with like.",
        reference: "weft, docs/concepts/model.md",
        verb: "stats",
    },
    Explanation {
        name: "rank",
        tells: "Who stands where by one measure, whichever it is.",
        formula: "The figure of each body; equal figures share a rank. The direction of ties (`out`, \
                  `in`) and the weight of links play a part only where they are asked for. With `--why` \
                  each figure falls into the parts of its partners, or into who is how far, where the \
                  measure is such a sum.",
        range: "Ranks from 1; figures as of the measure.",
        pitfalls: "Measures answer different questions: a mean of ranks answers none. Small differences \
                   may be luck: `--stability` and `--chance` say so.",
        reference: "weft, docs/concepts/model.md",
        verb: "rank",
    },
    Explanation {
        name: "component",
        tells: "Which bodies hang together at all.",
        formula: "The largest sets in which a way leads from everybody to everybody; weak ones whichever \
                  way ties run, strong ones along them. Numbered by size.",
        range: "1 body to all.",
        pitfalls: "One tie joins two parts: see `critical` for what hangs on it.",
        reference: "Tarjan, SIAM Journal on Computing 1 (1972)",
        verb: "stats",
    },
    Explanation {
        name: "density",
        tells: "Which share of the links that there could be there are.",
        formula: "2 m / (n (n - 1)).",
        range: "0 to 1; nothing below two bodies.",
        pitfalls: "It falls as networks grow, as nobody can keep up with everybody.",
        reference: "Wasserman and Faust, Social Network Analysis (1994)",
        verb: "stats",
    },
    Explanation {
        name: "two_mode",
        tells: "Who is tied to the same programmes, events or other bodies of one kind.",
        formula: "Bodies on one side and what they take part in on the other are kept as they are; laid \
                  on top of each other only where asked, two that share an event of k bodies by 1 / (k - 1) \
                  for each.",
        range: "0 upwards.",
        pitfalls: "Laid on top of each other a large event makes everybody a neighbour of everybody: that \
                   is why it is never done silently.",
        reference: "Newman, Physical Review E 64 (2001)",
        verb: "project",
    },
    Explanation {
        name: "community",
        tells: "Which bodies work more with each other than with the rest.",
        formula: "Leiden on modularity, seeded, the best of ten runs (of up to a hundred in a small \
                  network, so that the seed decides little): the share of links inside communities less what it would be if links fell by degree alone. With `--quality cpm` \
                  the constant Potts model: links inside less the resolution times the pairs inside; \
                  without a resolution the density of the network. Named by the two \
                  members with most links inside. Agreement is the mean normalised mutual \
                  information over all pairs of 20 further runs, each taken as it is, on the bodies that have links; a \
                  member stands on the edge where other runs put it with less than half of the rest.",
        range: "Modularity from -1/2 to 1; agreement from 0 to 1, 1 where each run finds the same.",
        pitfalls: "There is always an answer, even on a network without groups: look at the \
                   modularity and at the agreement. Bodies without links are in no community.",
        reference: "Traag, Waltman and van Eck, Scientific Reports 9 (2019); Newman and Girvan, \
                    Physical Review E 69 (2004)",
        verb: "communities, draw, report",
    },
    Explanation {
        name: "label_propagation",
        tells: "Which bodies come to bear one name if each takes the name that most of its partners \
                bear: groups found quickly, and roughly.",
        formula: "All bodies begin with a label of their own. In each of ten rounds all at once take the \
                  label most frequent among their partners, of equals the smallest.",
        range: "A group each; it has no quality of its own, so modularity is shown beside it.",
        pitfalls: "On small or tree-like networks labels swing to and fro between two sides, and groups \
                   are not those that Leiden finds. Use it to compare with benchmarks.",
        reference: "Raghavan, Albert and Kumara, Physical Review E 76 (2007); LDBC Graphalytics (CDLP)",
        verb: "communities --method label-propagation",
    },
    Explanation {
        name: "canvas",
        tells: "The eight components of the ecosystem canvas, who stands for each, and what is thin.",
        formula: "Nodes of the kind `component`, in the order of their source. Named: bodies with a tie \
                  `exemplifies` to it. Of its kinds: what there is of the kinds and relations that such a \
                  component speaks of. Thin: nobody or one body named, fewer than three of its kinds, no \
                  tie of its relations, one source alone.",
        range: "A component each, with names and counts.",
        pitfalls: "Which kinds and relations a component speaks of is the schema's reading (`kinds` and \
                   `relations` of each row); only who is named is a source's. Thin may be the data, not \
                   the ecosystem.",
        reference: "ITU Innovation, ecosystem assessment canvas; weft, graph-data/README.md",
        verb: "canvas",
    },
    Explanation {
        name: "journey",
        tells: "What a start-up meets on the way from idea to market: each need, who meets it, and how \
                near they are.",
        formula: "The needs in the order in which their source lists them; the distance of each as in \
                  `access`; everybody who meets it with the fewest links there; the weight of the need \
                  at each stage of the schema.",
        range: "A need each; links from 0 (it meets the need itself), or no path.",
        pitfalls: "The order is the source's, not a rule: a company may need the last before the first.",
        reference: "weft, docs/concepts/access.md",
        verb: "journey",
    },
    Explanation {
        name: "matrix",
        tells: "Which groups (kinds, sectors, places, communities) work with each other more than chance \
                would have it, and which less.",
        formula: "Links with an end in each group, beside what is left if every body keeps its number \
                  of links and each link falls by that alone: (2 D_A D_B - D_AB^2) / 4m, with D the \
                  ends of links in a group and D_AB those of bodies in both. A body is in the smallest \
                  places on record. E-I index: links between \
                  groups less those inside, by all links. `matrix needs`: who meets each need by place \
                  and sector, and how many start-ups there are within two links of anybody who does.",
        range: "Links from 0; by chance they sum to m where no body is in two groups. E-I index -1 to 1.",
        pitfalls: "Distance from chance is no test. Kinds that the schema never ties show as few \
                   links. Bodies without a sector or place on record stand in a group of their own. The E-I \
                   index is told of kinds and communities, of which each body has one.",
        reference: "Newman, Physical Review E 67 (2003); Krackhardt and Stern, Social Psychology \
                    Quarterly 51 (1988)",
        verb: "matrix",
    },
    Explanation {
        name: "what_if",
        tells: "What would be otherwise if a body left, a tie came or ended, or on another day: the \
                network's figures, hubs, single points of failure, access and needs, before and after; \
                brokers, communities, the matrix of kinds, introductions, journeys, canvas, flows and facts \
                where they are named.",
        formula: "The same findings on both sides. ACCESS is summed on both over the needs that have a \
                  provider on either; a need that nobody meets on one side is out of reach there. A tie \
                  that is supposed counts as stated at every date, and is no evidence. A circle goes on as that \
                  with which it shares most members, so a name that changes moves nobody. `--why` opens \
                  each line that differs into the ties, bodies and printed figures that it rests on in one \
                  of the two states only; a figure that rests on every link into all that came to the \
                  network and went from it.",
        range: "What differs; what is the same is left out.",
        pitfalls: "It moves the ties on record and nothing else: it does not know whether others would \
                   take over what a body did, or whether a new tie would hold.",
        reference: "weft, docs/concepts/access.md",
        verb: "what-if",
    },
    Explanation {
        name: "diff",
        tells: "What changed between two days: bodies and ties that came and went, ranks and access \
                that moved.",
        formula: "The findings of `what_if`, on one graph at two dates. Who became whom is told by ties \
                  `succeeded_by` and `merged_into`; the two stay two bodies in every figure.",
        range: "What differs; what is the same is left out.",
        pitfalls: "Records without dates are in on both days and show no change; how many they are is \
                   said. A tie may come because a source that speaks of it is newer, not because it is.",
        reference: "weft, docs/concepts/model.md",
        verb: "diff",
    },
    Explanation {
        name: "agreement",
        tells: "Whether the groups would be found again: how far runs that begin with other chances \
                find the same.",
        formula: "The mean over all pairs of runs of the normalised mutual information of their \
                  groups; beside it the adjusted Rand index.",
        range: "0 (nothing in common) to 1 (the same groups); the Rand index can fall below 0.",
        pitfalls: "Mutual information favours many small groups; the Rand index does not. Runs can \
                   agree on groups that mean nothing.",
        reference: "Danon et al., J. Stat. Mech. (2005); Hubert and Arabie, J. Classification 2 (1985)",
        verb: "communities",
    },
    Explanation {
        name: "path",
        tells: "How to get from one body to another, and who stands on the way.",
        formula: "The k shortest paths without a body twice; or all as short as the shortest, all of up \
                  to so many steps, or a set that is disjoint. By number of links, then by the order of \
                  the bodies in the store. With `--weight` the k cheapest, a link costing one by its \
                  weight: by the number of its ties, say, or the logarithm of its amounts.",
        range: "0 links (the body itself) to n - 1, or no path.",
        pitfalls: "A short path over a giant that knows everybody may be worth less than a longer one \
                   over people who know each other.",
        reference: "Yen, Management Science 17 (1971); Dijkstra, Numerische Mathematik 1 (1959)",
        verb: "path",
    },
    Explanation {
        name: "disjoint_paths",
        tells: "How many independent ways lead from one body to another: if one fails, the others \
                still stand.",
        formula: "The most paths that share no body between the ends (or no link); of all such sets \
                  one with the fewest links in total. As many bodies (links) must go to part the two, \
                  a link between them counted as one.",
        range: "0 ways (not joined) to the smaller number of partners of the two.",
        pitfalls: "Independent in the data: two bodies on two ways may share staff or funds that are \
                   not on record.",
        reference: "Menger, Fundamenta Mathematicae 10 (1927); Suurballe, Networks 4 (1974)",
        verb: "path --disjoint",
    },
    Explanation {
        name: "position",
        tells: "Who is in the same position: tied in the same way to the same bodies, or to the same \
                kinds of bodies. They can stand in for each other, compete, or learn from each other.",
        formula: "Roles (relation, direction, partner) of both by roles of either; then the same with \
                  the kind of the partner in its place, each as often as it occurs. What the two are to \
                  each other is left out.",
        range: "0 (nothing alike) to 1 (the same ties).",
        pitfalls: "Bodies with one tie on record are easily alike. Few recorded ties may mean little \
                   known.",
        reference: "Lorrain and White, J. Math. Sociology 1 (1971); White and Reitz, Social Networks 5 \
                    (1983)",
        verb: "similar",
    },
    Explanation {
        name: "fit",
        tells: "How well two bodies fit by the partners they share. Evidence, never the score of an \
                introduction.",
        formula: "Common partners; Jaccard: those by partners of either; Adamic-Adar: the sum of 1 / ln \
                  of their degrees; resource allocation: the sum of 1 / degree; preferential \
                  attachment: the product of the degrees of the two; personalised PageRank: how often a \
                  walker that starts at one is at the other.",
        range: "Jaccard and PageRank 0 to 1; the others 0 upwards.",
        pitfalls: "They say who is likely to meet anyway, not who should. A giant that both know says \
                   little, which Jaccard and common partners do not see.",
        reference: "Liben-Nowell and Kleinberg, JASIST 58 (2007); Zhou, Lü and Zhang, EPJ B 71 (2009)",
        verb: "introduce, rank fit --from",
    },
    Explanation {
        name: "flows",
        tells: "Who funds what, and how much.",
        formula: "Sums of the amounts on ties that fund or invest, each once; a total that several \
                  parties share stands on the award. Qualifiers are carried: one `at least` makes \
                  the sum `at least`. By funder, recipient, programme, place (a larger one with its \
                  parts) and year of beginning. Concentration of what is counted: the largest share, \
                  Gini = sum of (2i - n - 1) x_i / (n sum of x), x ascending, HHI = sum of squared \
                  shares.",
        range: "Money, by currency; shares, Gini and HHI from 0 to 1.",
        pitfalls: "Unknown is not nought: how many awards have no amount is printed beside each sum.",
        reference: "weft, docs/concepts/model.md",
        verb: "flows",
    },
    Explanation {
        name: "facts",
        tells: "The figures that sources print, with their periods.",
        formula: "Sums, shares, means, ratios and ranks are recomputed from their parts; one that differs \
                  by more than the printed precision is flagged.",
        range: "Numbers with their units.",
        pitfalls: "A flag says that the source's figures do not add up, not which of them is wrong.",
        reference: "weft, docs/concepts/model.md",
        verb: "facts",
    },
    Explanation {
        name: "strength",
        tells: "How much runs over a body's ties, where ties carry amounts or numbers.",
        formula: "The sum of the weights of its links. The weight of a link has a name: `one` \
                  (the default: strength is degree), `ties` (how many there are), `amount` (their \
                  amounts in one currency), `log_amount` (log10 of 1 + amount).",
        range: "0 upwards, in the unit of the weight.",
        pitfalls: "Pounds are heavy-tailed: one award outweighs all others, so prefer \
                   `log_amount`. Ties without an amount add nothing, and how many they are is \
                   said. A weight is no distance.",
        reference: "Barrat et al., PNAS 101 (2004)",
        verb: "rank strength --weight",
    },
    Explanation {
        name: "centralisation",
        tells: "How far the network turns about one body: 1 for a star, 0 if all are alike.",
        formula: "The sum over bodies of what each has less than the most central one, by the \
                  greatest that this sum can be among as many bodies. By degree (n-1)(n-2); by \
                  betweenness (n-1)^2 (n-2) / 2; by harmonic closeness (n-2) / 2; by eigenvector \
                  n-2 and by HITS as well; by classic closeness (n-1)(n-2) / (2n-3); by PageRank that of a \
                  star. With a direction: degree (n-1)^2, betweenness (n-1)^2 (n-2), harmonic, \
                  eigenvector and HITS n-1.",
        range: "0 to 1; nothing below three bodies.",
        pitfalls: "It falls as networks grow: compare only networks of like size. By classic closeness \
                   only of a network in one part; by Katz there is none, as the attenuation that a \
                   network allows decides what can be reached. `stats` leaves betweenness and classic \
                   closeness out above 20,000 bodies.",
        reference: "Freeman, Centrality in social networks, Social Networks 1 (1979)",
        verb: "stats, rank",
    },
    Explanation {
        name: "reciprocity",
        tells: "How often ties that have a direction are returned.",
        formula: "The share of links, read in the direction of their ties, whose reverse is there \
                  too. A tie of a symmetric relation runs both ways.",
        range: "0 (none is returned) to 1; nothing without links.",
        pitfalls: "It depends on the relations: who hosts is rarely hosted, so ask with \
                   `--relation`.",
        reference: "Holland and Leinhardt, American Journal of Sociology 76 (1970)",
        verb: "stats, rank reciprocity",
    },
    Explanation {
        name: "core_periphery",
        tells: "Whether there is one dense middle on which the others hang, and who is in it.",
        formula: "The split whose ideal (every pair with an end in the core is linked, no other) \
                  has the highest correlation with the links. Up to 16 bodies all splits are \
                  tried; beyond, the best of many that moving one body, or swapping two, no \
                  longer mends.",
        range: "A fit from -1 to 1, and the bodies of the core.",
        pitfalls: "There is always a best split: below about 0.5 the picture of a core does not \
                   fit. Several splits may fit as well; the smaller core is given. Not above \
                   20,000 bodies.",
        reference: "Borgatti and Everett, Models of core/periphery structures, Social Networks 21 \
                    (2000)",
        verb: "stats, rank core_periphery",
    },
    Explanation {
        name: "core_number",
        tells: "How deep in the dense middle a body lies.",
        formula: "The greatest k for which it is in a part where everybody has at least k links \
                  to others of that part.",
        range: "0 (no link) upwards.",
        pitfalls: "A closed group of its own is deep too, however far from the rest.",
        reference: "Seidman, Social Networks 5 (1983)",
        verb: "rank core_number",
    },
    Explanation {
        name: "assortativity",
        tells: "Whether those who are linked are alike: hubs with hubs, kind with kind.",
        formula: "By number: the correlation of a figure (the number of partners, in `stats`) at \
                  the two ends of links. By group (kinds, in `stats`): the links within groups more than \
                  degrees let expect, by the most that could be.",
        range: "-1 (unlike meets unlike) to 1 (like meets like); nothing where nothing varies.",
        pitfalls: "In a small network with a few hubs it is below 0 of necessity. Links with an \
                   unknown end are left out.",
        reference: "Newman, Physical Review E 67 (2003)",
        verb: "stats",
    },
    Explanation {
        name: "ei_index",
        tells: "Whether bodies work with others of their own kind or with other kinds.",
        formula: "Links between groups less links within them, by all links. Expected: the same \
                  for pairs of bodies instead of links. For each two groups the mixing matrix has \
                  the links, the pairs, and what sizes and degrees alone would give.",
        range: "-1 (all within) to 1 (all between).",
        pitfalls: "It rests on the sizes of groups: read it beside the expected value. Many small \
                   groups make it high.",
        reference: "Krackhardt and Stern, Social Psychology Quarterly 51 (1988); Newman, Physical \
                    Review E 67 (2003)",
        verb: "stats, rank ei_index",
    },
    Explanation {
        name: "clustering",
        tells: "How often partners of one body work with each other.",
        formula: "Global: the share of pairs of links at one body whose other ends are linked, 0 \
                  where there is no such pair. Local: the same at one body, 0 with fewer than two \
                  partners; its mean weighs every body alike.",
        range: "0 to 1.",
        pitfalls: "The mean differs between programs by whether bodies with one partner count as \
                   0 (here, and networkx) or not at all (igraph). A partnership written down as \
                   ties between all its members makes it high.",
        reference: "Watts and Strogatz, Nature 393 (1998); Newman, Watts and Strogatz, PNAS 99 \
                    (2002)",
        verb: "stats, rank clustering, rank triangles",
    },
    Explanation {
        name: "ego_density",
        tells: "How far a body's partners work with each other, both directions of their ties told \
                apart.",
        formula: "The arcs among its partners by those that there could be. Where ties have no \
                  direction it is the local clustering.",
        range: "0 to 1; 0 with fewer than two partners.",
        pitfalls: "A partnership written down as ties between all its members makes it high.",
        reference: "Watts and Strogatz, Nature 393 (1998); LDBC Graphalytics (LCC)",
        verb: "rank ego_density",
    },
    Explanation {
        name: "tie_betweenness",
        tells: "On which links between two bodies the shortest ways of all others lead most: where the \
                network would be slowed, or cut, if two stopped working together.",
        formula: "The sum over pairs of bodies of the share of their shortest ways that lead over the \
                  link, the pair at its ends included; each pair counts once, and with `--direction out` \
                  or `in` each ordered pair. A link is a bridge if without it no way at all is left \
                  between its ends.",
        range: "1 upwards, to the number of pairs of bodies; exact, and not counted above 20,000 bodies.",
        pitfalls: "A link to a body without any other has all ways to that body, and is no less for it. \
                   What lies behind one tie may rest on a single source: see `--why`.",
        reference: "Girvan and Newman, PNAS 99 (2002); Brandes, J. Math. Sociology 25 (2001)",
        verb: "rank tie_betweenness",
    },
    Explanation {
        name: "eccentricity",
        tells: "How far the farthest body is that can be reached at all; the diameter is the \
                greatest of these in the largest part.",
        formula: "The greatest distance from a body. The diameter is the greatest of them within \
                  the largest part, the radius the least, and the mean distance is over the pairs \
                  there.",
        range: "1 to n - 1 links; nothing for a body without links.",
        pitfalls: "One remote body makes a diameter: the mean distance says more. A smaller part may \
                   be longer; igraph counts the pairs of all parts, networkx refuses where there are \
                   several.",
        reference: "Harary, Graph Theory (1969); Latora and Marchiori, Physical Review Letters 87 \
                    (2001)",
        verb: "stats, rank eccentricity",
    },
    Explanation {
        name: "reach_efficiency",
        tells: "Whether a body's partners open new doors or the same ones.",
        formula: "The bodies within two steps, by the sum of the numbers of partners of its \
                  partners: what it would reach if no two of them shared anybody.",
        range: "Above 0 to 1; nothing without partners.",
        pitfalls: "A body with one partner always has 1.",
        reference: "UCINET, ego network measures; Hanneman and Riddle, Introduction to Social \
                    Network Methods (2005)",
        verb: "rank reach_efficiency",
    },
    Explanation {
        name: "classic_closeness",
        tells: "How near a body is to the others, by the mean distance.",
        formula: "Within: the number reached by the sum of their distances. Wasserman and Faust: \
                  that times the share of the others that are reached. Freeman: n - 1 by the sum, \
                  0 unless all are reached.",
        range: "0 to 1.",
        pitfalls: "In a network in parts a body of a small part looks central by the first. \
                   networkx counts the ways in, igraph and sna the ways out. weft ranks by \
                   harmonic closeness.",
        reference: "Freeman, Social Networks 1 (1979); Wasserman and Faust, Social Network \
                    Analysis (1994)",
        verb: "rank classic_closeness",
    },
    Explanation {
        name: "eigenvector",
        tells: "Who works with those who are well connected themselves.",
        formula: "Each body has as much as its partners have together, by the greatest \
                  eigenvalue; the greatest is 1.",
        range: "0 to 1; nothing without links, and with directed ties nothing without a cycle.",
        pitfalls: "It sees only the densest part: all others have 0. Where two parts weigh the \
                   same, bodies of different parts cannot be compared.",
        reference: "Bonacich, American Journal of Sociology 92 (1987)",
        verb: "rank eigenvector",
    },
    Explanation {
        name: "katz",
        tells: "To whom many ways lead, long ones counting less.",
        formula: "The number of ways that end at a body, each multiplied by an attenuation once a \
                  link: what is said, else 0.1, or less where that is too great.",
        range: "1 upwards; nothing if the attenuation is 1 by the greatest eigenvalue or more.",
        pitfalls: "It hangs on the attenuation: small, it is degree; near the limit, it is \
                   eigenvector centrality.",
        reference: "Katz, Psychometrika 18 (1953)",
        verb: "rank katz",
    },
    Explanation {
        name: "hits",
        tells: "Who points to those worth pointing to (hub), and who is pointed to by them \
                (authority).",
        formula: "Hubs have as much as the authorities that they point to, authorities as much as \
                  the hubs that point to them; the greatest of each is 1.",
        range: "0 to 1.",
        pitfalls: "Only for ties with a direction: else both are eigenvector centrality. It sees \
                   only the densest part.",
        reference: "Kleinberg, Journal of the ACM 46 (1999)",
        verb: "rank hits",
    },
    Explanation {
        name: "page_rank",
        tells: "Where somebody who walks along ties at random is found most.",
        formula: "The walker goes on along a link with chance 0.85 and else, or where no link leads \
                  on, starts again anywhere, or at the bodies that are named. With \
                  `--direction in` it goes along ties, with `out` against them.",
        range: "Above 0; sums to 1 over all bodies.",
        pitfalls: "Without directions it is nearly degree.",
        reference: "Page, Brin, Motwani and Winograd, Stanford (1999)",
        verb: "rank page_rank",
    },
    Explanation {
        name: "hierarchy",
        tells: "Whether what binds a body comes from one partner or from all alike.",
        formula: "The Coleman-Theil disorder of the parts that partners have in its constraint.",
        range: "0 (all alike) to 1 (one partner has all).",
        pitfalls: "A body with one partner has 1. Says nothing below three partners.",
        reference: "Burt, Structural Holes (1992), chapter 2",
        verb: "rank hierarchy",
    },
    Explanation {
        name: "brokerage_chance",
        tells: "Whether a body brokers in a role more often than chance would have it.",
        formula: "Expected count, standard deviation and z of each Gould-Fernandez role if every \
                  pair of bodies were linked with the chance of the density, groups staying as \
                  they are.",
        range: "z is a number of standard deviations; nothing where chance leaves no room.",
        pitfalls: "Chance knows no degrees: a body with many partners is above it in every role. \
                   Without directions both ways of a pair are one, so deviations are larger than \
                   those of sna.",
        reference: "Gould and Fernandez, Sociological Methodology 19 (1989)",
        verb: "rank brokerage, rank liaison ...",
    },
    Explanation {
        name: "block",
        tells: "Which bodies hold together in two ways, so that no single one of them is needed.",
        formula: "A biconnected component: a largest set of links of which any two lie on one \
                  ring. A bridge is a block of two; a cut node is in several.",
        range: "2 bodies upwards.",
        pitfalls: "Two ways on record are not two ways in fact: both may rest on one person.",
        reference: "Hopcroft and Tarjan, Comm. ACM 16 (1973)",
        verb: "rank blocks",
    },
    Explanation {
        name: "key_player",
        tells: "Which few bodies together would break the network by leaving, or reach most of it.",
        formula: "To break: the share of pairs of the others that no path joins (fragmentation). \
                  To reach: the share of bodies within k steps, or the sum of 1 / distance by n. \
                  Chosen one at a time, each the best beside those before; with a bound that no \
                  set exceeds.",
        range: "0 to 1.",
        pitfalls: "The best three are not the three best: they share what they reach. For reach \
                   the set is sure to have 63 % of the best, mostly far more; for breaking there \
                   is only the bound.",
        reference: "Borgatti, Computational and Mathematical Organization Theory 12 (2006)",
        verb: "rank key_fragmenters, rank key_reachers, rank key_reachers_by_distance",
    },
];

/// Other words for the same, beside the plural.
const SYNONYMS: &[(&str, &str)] = &[
    ("cpm", "community"),
    ("leiden", "community"),
    ("louvain", "community"),
    ("modularity", "community"),
    ("ranking", "rank"),
    ("affiliation", "two_mode"),
    ("bipartite", "two_mode"),
    ("projection", "two_mode"),
    ("project", "two_mode"),
    ("efficiency", "effective_size"),
    ("key_fragmenter", "key_player"),
    ("key_reacher", "key_player"),
    ("key_reachers_by_distance", "key_player"),
    ("gini", "flows"),
    ("hhi", "flows"),
    ("concentration", "flows"),
    ("role", "brokerage"),
    ("coordinator", "brokerage"),
    ("itinerant", "brokerage"),
    ("consultant", "brokerage"),
    ("representative", "brokerage"),
    ("gatekeeper", "brokerage"),
    ("liaison", "brokerage"),
    ("shortest_path", "path"),
    ("independent_way", "disjoint_paths"),
    ("similar", "position"),
    ("structural_equivalence", "position"),
    ("jaccard", "fit"),
    ("adamic_adar", "fit"),
    ("resource_allocation", "fit"),
    ("bridge", "tie_betweenness"),
    ("edge_betweenness", "tie_betweenness"),
    ("link_betweenness", "tie_betweenness"),
    ("broker", "constraint"),
    ("structural_hole", "constraint"),
    ("closeness", "harmonic"),
    ("partners", "degree"),
    ("cut_node", "critical"),
    ("cut_off", "critical"),
    ("single_point_of_failure", "critical"),
    ("under_connected", "status"),
    ("not_enough_data", "status"),
    ("gain", "introduction"),
    ("introduce", "introduction"),
    ("route", "introduction"),
    ("score", "introduction"),
    ("missing_provider", "gaps"),
    ("gap", "gaps"),
    ("thin_data", "gaps"),
    ("circle", "community"),
    ("money", "flows"),
    ("floor", "certainty"),
    ("centralization", "centralisation"),
    ("core", "core_periphery"),
    ("periphery", "core_periphery"),
    ("k_core", "core_number"),
    ("e_i", "ei_index"),
    ("e_i_index", "ei_index"),
    ("mixing", "ei_index"),
    ("homophily", "ei_index"),
    ("triangle", "clustering"),
    ("transitivity", "clustering"),
    ("diameter", "eccentricity"),
    ("radius", "eccentricity"),
    ("pagerank", "page_rank"),
    ("link_prediction", "fit"),
    ("preferential_attachment", "fit"),
    ("common_neighbour", "fit"),
    ("authority", "hits"),
    ("biconnected_component", "block"),
    ("fragmentation", "key_player"),
    ("coreness", "core_number"),
];

/// The explanation of that name, or of another word for it, in the plural as well; hyphens and spaces
/// are as good as underscores.
pub fn find_explanation(name: &str) -> Option<&'static Explanation> {
    let name = name.trim().to_lowercase().replace(['-', ' '], "_");
    let singular = match name.strip_suffix("ies") {
        Some(stem) => Some(format!("{stem}y")),
        None => name.strip_suffix('s').map(str::to_owned),
    };
    let find = |word: &str| {
        let synonym = SYNONYMS.iter().find(|it| it.0 == word).map(|it| it.1);
        EXPLANATIONS.iter().find(|it| it.name == synonym.unwrap_or(word))
    };
    find(&name).or_else(|| singular.as_deref().and_then(find))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_explanation_says_everything() {
        for it in EXPLANATIONS {
            for text in [it.tells, it.formula, it.range, it.pitfalls, it.reference, it.verb] {
                assert!(!text.is_empty(), "{}", it.name);
            }
            assert_eq!(find_explanation(it.name).map(|it| it.name), Some(it.name));
        }
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert!(find_explanation("Effective size").is_some());
        assert!(find_explanation("charisma").is_none());
        for (word, name) in [("hubs", "hub"), ("reasons", "reason"), ("communities", "community")] {
            assert_eq!(find_explanation(word).map(|it| it.name), Some(name));
        }
        for &(word, name) in SYNONYMS {
            assert_eq!(find_explanation(word).map(|it| it.name), Some(name), "{word}");
        }
    }
}
