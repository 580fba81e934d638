# Thin targets; ./typix --help says what each command does. ARGS passes options: make run ARGS="--memory 1G".
TYPIX := ./typix
ARGS ?=

.PHONY: run test build iso flash clean doctor bench
run:
	@$(TYPIX) run --iso $(ARGS)
test:
	@$(TYPIX) test $(ARGS)
build:
	@$(TYPIX) build $(ARGS)
iso:
	@$(TYPIX) iso $(ARGS)
flash:
	@$(TYPIX) flash $(if $(DEV),--device $(DEV)) $(ARGS)
clean:
	@$(TYPIX) clean $(ARGS)
doctor:
	@$(TYPIX) doctor $(ARGS)
bench:
	@$(TYPIX) bench $(ARGS)
