#!/bin/sh
# A training in another language, here a logistic regression by stochastic gradient descent in awk.
#
# auditor runs this with the path of a JSON file, one key to a line: where the rows to fit on and to score on
# lie (CSV with a header), what the settings are, and where the predictions go.
set -eu
order=$1

value_of() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},*\$/\1/p" "$order"; }

rate=$(value_of learning_rate)
case $rate in -*) echo "learning_rate must be above 0, got $rate" >&2; exit 65 ;; esac  # 65: settings refused

awk -F, -v OFMT=%.9g -v rate="$rate" -v penalty="$(value_of penalty)" -v target="$(value_of target)" \
    -v result="$(value_of result)" '
    function chance(    i, z) {
        z = weight[0]
        for (i = 1; i <= NF; i++) if (name[i] != target) z += weight[name[i]] * $i
        return 1 / (1 + exp(-(z > 30 ? 30 : z < -30 ? -30 : z)))
    }
    FNR == 1 { file++; for (i = 1; i <= NF; i++) name[i] = $i; next }
    file == 1 {  # a row to fit on
        for (i = 1; i <= NF; i++) if (name[i] == target) truth = $i
        error = chance() - truth
        step = rate / (1 + FNR / 100)
        weight[0] -= step * error
        for (i = 1; i <= NF; i++)
            if (name[i] != target) weight[name[i]] -= step * (error * $i + penalty * weight[name[i]])
    }
    file == 2 {  # a row to score on
        if (FNR == 2) print "chance" > result
        print chance() > result
    }
' "$(value_of fit)" "$(value_of score)"
