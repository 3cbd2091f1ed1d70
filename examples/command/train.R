# The same training in R, which needs no packages: a logistic regression with a ridge penalty, by Newton's steps.
#
# auditor runs this with the path of a JSON file, one key to a line: where the rows to fit on and to score on
# lie (CSV with a header), what the settings are, and where the predictions go.
order <- readLines(commandArgs(trailingOnly = TRUE)[1])

value_of <- function(key) {
  line <- grep(paste0("^ *\"", key, "\":"), order, value = TRUE)[1]
  sub(",?$", "", gsub("\"", "", sub("^[^:]*: *", "", line)))
}

penalty <- as.numeric(value_of("penalty"))
if (penalty < 0) {
  message("penalty must not be below 0, got ", penalty)
  quit(status = 65) # settings refused
}
target <- value_of("target")
fit <- read.csv(value_of("fit"), check.names = FALSE)
score <- read.csv(value_of("score"), check.names = FALSE)
features <- setdiff(names(fit), target)

# Standardised by the rows that are fitted on, so that one penalty suits every column.
centre <- colMeans(fit[features])
spread <- pmax(apply(fit[features], 2, sd), 1e-9)
columns <- function(rows) cbind(1, scale(as.matrix(rows[features]), centre, spread))

x <- columns(fit)
y <- as.numeric(fit[[target]])
ridge <- diag(c(0, rep(penalty, length(features))))
weights <- rep(0, ncol(x))
for (step in 1:25) {
  chance <- plogis(drop(x %*% weights))
  change <- solve(crossprod(x, x * (chance * (1 - chance))) + ridge + diag(1e-9, ncol(x)),
                  crossprod(x, y - chance) - ridge %*% weights)
  weights <- weights + drop(change)
  loss <- -mean(ifelse(y == 1, log(pmax(chance, 1e-12)), log(pmax(1 - chance, 1e-12))))
  cat("curve", step, loss, "\n")
  if (max(abs(change)) < 1e-6) break
}
write.csv(data.frame(chance = plogis(drop(columns(score) %*% weights))), value_of("result"), row.names = FALSE)
