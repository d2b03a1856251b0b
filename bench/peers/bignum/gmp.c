/*
 * The peer GMP of bench/bignum: F(n) as a number, or as decimal text. It speaks the lines of serve.mjs.
 *
 * What is warm is GMP's gain: the number and the text keep their memory from one run to the next.
 */
#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void fail(const char *message) {
  fprintf(stderr, "gmp: %s\n", message);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 3) fail("expected n, and value or decimal");
  unsigned long n = strtoul(argv[1], NULL, 10);
  int decimal = strcmp(argv[2], "decimal") == 0;
  char *text = NULL;
  char line[4096];
  mpz_t number;

  mpz_init(number);
  printf("{\"ready\":\"GMP %s\"}\n", gmp_version);
  fflush(stdout);

  while (fgets(line, sizeof line, stdin) != NULL) {
    int runs;
    double budget_ms;
    char path[sizeof line];
    if (sscanf(line, "turn %d %lf", &runs, &budget_ms) == 2) {
      double begun = now_ms();
      printf("{\"runs\":[");
      for (int run = 0; run == 0 || (run < runs && now_ms() - begun < budget_ms); run++) {
        double start = now_ms();
        mpz_fib_ui(number, n);
        double computed = now_ms();
        if (decimal) {
          if (text == NULL) text = malloc(mpz_sizeinbase(number, 10) + 2);
          if (text == NULL) fail("out of memory");
          mpz_get_str(text, 10, number);
        }
        double end = now_ms();
        printf("%s[%.6f", run > 0 ? "," : "", computed - start);
        if (decimal) printf(",%.6f", end - computed);
        printf("]");
      }
      printf("]}\n");
    } else if (sscanf(line, "answer %[^\n]", path) == 1) {
      FILE *file = fopen(path, "wb");
      if (file == NULL) fail("the file of the answer cannot be opened");
      if (text == NULL) text = mpz_get_str(NULL, 16, number);
      if (fputs(text, file) < 0 || fclose(file) != 0) fail("the answer cannot be written");
      printf("{\"answered\":true}\n");
    } else {
      fail("expected turn or answer");
    }
    fflush(stdout);
  }
  return 0;
}
