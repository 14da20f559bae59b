"""One balanced final account and two balanced budgets, small enough to add up by eye."""

FINAL = """
income_expenditure_summary 元
                         amount
general_budget           900.00
government_fund          50.00
state_capital            10.00
superior_subsidy         4.00
service                  3.00
business                 2.00
affiliates               1.00
other                    30.00
total_income             1000.00
use_of_surplus           5.00
carry_in                 20.00
income_grand_total       1025.00
208                      300.00
210                      680.00
212                      30.00
223                      10.00
total_expenditure        1020.00
surplus_distribution     2.00
carry_out                3.00
expenditure_grand_total  1025.00

income 元
         total    fiscal  superior_subsidy  service  business  affiliates  other
total    1000.00  960.00  4.00              3.00     2.00      1.00        30.00
208      280.00   280.00  .                 .        .         .           .
20805    280.00   280.00  .                 .        .         .           .
2080505  280.00   280.00  .                 .        .         .           .
210      660.00   620.00  4.00              3.00     2.00      1.00        30.00
21011    660.00   620.00  4.00              3.00     2.00      1.00        30.00
2101101  60.00    60.00   .                 .        .         .           .
2101102  600.00   560.00  4.00              3.00     2.00      1.00        30.00
212      50.00    50.00   .                 .        .         .           .
223      10.00    10.00   .                 .        .         .           .

expenditure 元
         total    basic   project  remitted_up  business_expenditure  affiliate_subsidy
total    1020.00  600.00  417.00   1.00         1.00                  1.00
208      300.00   300.00  .        .            .                     .
20805    300.00   300.00  .        .            .                     .
2080505  300.00   300.00  .        .            .                     .
210      680.00   300.00  377.00   1.00         1.00                  1.00
21011    680.00   300.00  377.00   1.00         1.00                  1.00
2101101  60.00    60.00   .        .            .                     .
2101102  620.00   240.00  377.00   1.00         1.00                  1.00
212      30.00    .       30.00    .            .                     .
223      10.00    .       10.00    .            .                     .

fiscal_appropriation_summary 元
                          amount  total   general_budget  government_fund  state_capital
general_budget            900.00  x       x               x                x
government_fund           50.00   x       x               x                x
state_capital             10.00   x       x               x                x
total_income              960.00  x       x               x                x
carry_in                  15.00   x       x               x                x
carry_in.general_budget   10.00   x       x               x                x
carry_in.government_fund  5.00    x       x               x                x
carry_in.state_capital    .       x       x               x                x
income_grand_total        975.00  x       x               x                x
208                       x       300.00  300.00          .                .
210                       x       610.00  610.00          .                .
212                       x       30.00   .               30.00            .
223                       x       10.00   .               .                10.00
total_expenditure         x       950.00  910.00          30.00            10.00
carry_out                 x       25.00   .               25.00            .
expenditure_grand_total   x       975.00  910.00          55.00            10.00

general_budget_expenditure 元
         total   basic   project
total    910.00  590.00  320.00
208      300.00  300.00  .
20805    300.00  300.00  .
2080505  300.00  300.00  .
210      610.00  290.00  320.00
21011    610.00  290.00  320.00
2101101  60.00   60.00   .
2101102  550.00  230.00  320.00

general_budget_basic_expenditure 元
                 amount
301              400.00
30101            300.00
30102            100.00
303              50.00
30302            50.00
302              120.00
30201            100.00
30212            4.00
30217            6.00
30231            10.00
310              20.00
31002            15.00
31013            5.00
personnel_total  450.00
public_total     140.00

three_public 元
      budget.total  budget.abroad  budget.vehicles  budget.vehicle_purchase  budget.vehicle_operation  budget.reception  actual.total  actual.abroad  actual.vehicles  actual.vehicle_purchase  actual.vehicle_operation  actual.reception
data  40.00         6.00           24.00            9.00                     15.00                     10.00             30.00         4.00           18.00            6.00                     12.00                     8.00

itemised_expenditure 元
         total   goods   capital
total    320.00  300.00  20.00
215      320.00  300.00  20.00
21508    320.00  300.00  20.00
2150899  320.00  300.00  20.00

project_income_expenditure 元
       carry_in  income  total   carry_out
total  5.00      430.00  417.00  18.00

government_fund 元
         carry_in  income  total  basic  project  carry_out
total    5.00      50.00   30.00  .      30.00    25.00
212      5.00      50.00   30.00  .      30.00    25.00
21208    5.00      50.00   30.00  .      30.00    25.00
2120803  5.00      20.00   10.00  .      10.00    15.00
2120899  .         30.00   20.00  .      20.00    10.00

state_capital 元
         total  basic  project
total    10.00  .      10.00
223      10.00  .      10.00
22301    10.00  .      10.00
2230105  10.00  .      10.00

disclosure_statistics 元
                                  amount
procurement.total                 60.00
procurement.goods                 20.00
procurement.works                 .
procurement.services              40.00
vehicles                          3
vehicles.leaders                  1
vehicles.other                    2
three_public.total                30.00
three_public.abroad               4.00
three_public.vehicle_purchase     6.00
three_public.vehicle_operation    12.00
three_public.reception            8.00
"""
"""As in life: 960 of 财政拨款 beside 40 of other money, 20 brought in, 3 carried out."""

CODED_BUDGET = """
budget_summary 元
                         amount
fiscal                   900
general_budget           800
government_fund          90
state_capital            10
service                  100
income_grand_total       1,000
201                      850
212                      90
223                      10
221                      50
expenditure_grand_total  1,000

budget_income 元
         total  fiscal  service
201      850    750     100
20113    850    750     100
2011301  500    500     .
2011302  350    250     100
212      90     90      .
223      10     10      .
221      50     50      .
total    1,000  900     100

budget_expenditure 元
         total  basic  project
201      850    500    350
20113    850    500    350
2011301  500    500    .
2011302  350    .      350
212      90     .      90
223      10     .      10
221      50     50     .
total    1,000  550    450

budget_fiscal_summary 元
                         amount  total  general_budget  government_fund  state_capital
general_budget           800     x      x               x                x
government_fund          90      x      x               x                x
state_capital            10      x      x               x                x
income_grand_total       900     x      x               x                x
201                      x       750    750             .                .
212                      x       90     .               90               .
223                      x       10     .               .                10
221                      x       50     50              .                .
expenditure_grand_total  x       900    800             90               10

budget_general_expenditure 元
         total  basic  project
201      750    500    250
20113    750    500    250
2011301  500    500    .
2011302  250    .      250
221      50     50     .
total    800    550    250

budget_government_fund 元
       total  basic  project
212    90     .      90
total  90     .      90

budget_state_capital 元
       total  basic  project
223    10     .      10
total  10     .      10

budget_general_basic 元
       total  personnel  public
301    400    400        .
30101  300    300        .
30102  100    100        .
302    150    .          150
30201  150    .          150
total  550    400        150

budget_three_public 元
      budget.total  budget.abroad  budget.reception  budget.vehicles  budget.vehicle_purchase  budget.vehicle_operation  budget.operating_cost
data  30            5              5                 20               8                        12                        140
"""
"""The coded layout: totals at the foot, no line for the year's own income and expenditure."""

LANED_BUDGET = """
budget_summary 万元
                         amount
fiscal                   100.00
general_budget           100.00
government_fund          .
special_account          5.00
other_funds              15.00
total_income             120.00
carry_in                 10.00
income_grand_total       130.00
201                      90.00
208                      30.00
total_expenditure        120.00
basic                    70.00
project                  40.00
reserve                  10.00
carry_out                10.00
expenditure_grand_total  130.00

budget_income 万元
                                total
total                           130.00
general_budget                  100.00
general_budget.appropriation    90.00
general_budget.special          10.00
government_fund                 .
special_account                 5.00
special_account.education_fees  5.00
special_account.other           .
other_funds                     15.00
service                         10.00
other                           5.00
carry_in                        10.00
carry_in.used                   2.00

budget_expenditure 万元
      total   basic  project  reserve  carry_out
data  130.00  70.00  40.00    10.00    10.00

budget_fiscal_summary 万元
                         amount  total
general_budget           100.00  x
government_fund          .       x
income_grand_total       100.00  x
basic                    x       60.00
project                  x       30.00
reserve                  x       10.00
expenditure_grand_total  x       100.00

budget_fiscal_expenditure 万元
         total
total    100.00
201      75.00
20131    75.00
2013101  45.00
2013102  30.00
208      25.00

budget_fiscal_basic 万元
       total
total  60.00
301    40.00
30101  40.00
302    20.00
30201  12.00
30211  8.00

budget_general_expenditure 万元
         total
total    100.00
201      75.00
20131    75.00
2013101  45.00
2013102  30.00
208      25.00

budget_general_basic 万元
       total
total  60.00
301    40.00
30101  40.00
302    20.00
30201  12.00
30211  8.00

budget_three_public 万元
      budget.all  budget.total  budget.abroad  budget.vehicles  budget.vehicle_purchase  budget.vehicle_operation  budget.reception  budget.meeting  budget.training
data  20.00       12.00         4.00           5.00             .                        5.00                      3.00              6.00            2.00

budget_government_fund 万元 nil
       total
total  .

budget_operating_cost 万元
       total
total  18.00
302    18.00
30201  10.00
30211  8.00

budget_procurement 万元
          total
total     30.00
goods     20.00
works     .
services  10.00

budget_project 万元
       total   general_budget  other_funds
total  40.00   30.00           10.00

budget_transfers 万元
       total   general_budget  government_fund
total  9.00    8.00            1.00

budget_economic 万元
       total
total  60.00
301    40.00
30101  40.00
302    20.00
30201  12.00
30211  8.00

budget_function_economic 万元
         total  basic  basic.wages  basic.goods  project
total    60.00  40.00  30.00        10.00        20.00
208      10.00  10.00  10.00        .            .
213      50.00  30.00  20.00        10.00        20.00
21301    50.00  30.00  20.00        10.00        20.00
2130101  30.00  30.00  20.00        10.00        .
2130102  20.00  .      .            .            20.00
"""
"""The layout of three lanes and labelled incomes with their 小计; one row of expenditure."""
